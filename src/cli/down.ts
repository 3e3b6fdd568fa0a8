/** `devenv down`: remove everything that an environment made. */
import type { Command } from 'commander'
import type { Leftover } from '../cluster/leftover.ts'
import { DevenvError } from '../lib/errors.ts'
import { listEnvironments, stateDir } from '../lib/paths.ts'
import { type Io, printResult, progress } from './io.ts'

const EXAMPLES = `
Examples:
  npm run down
  npm run down -- --all
  npm run down -- --name demo --cluster context:lab`

interface Flags {
  all?: boolean
  cluster?: string
}

export function register(program: Command, io: Io): void {
  program
    .command('down')
    .description('remove everything that the environment made')
    .option('--all', 'every environment of this user on this machine')
    .option(
      '--cluster <kind>',
      'context:NAME: take it out of that cluster by its labels, if its record is gone',
    )
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) => down(flags, io))
}

async function down({ all = false, cluster }: Flags, io: Io): Promise<void> {
  const began = Date.now()
  const { isThere, removeAny } = await import('../cluster/remove.ts')
  const { endPage } = await import('../dashboard/resident.ts')
  const options = { context: contextOf(cluster), env: io.env }
  const names = all ? await listEnvironments(io.env) : [io.name]
  const removed: string[] = []
  const leftovers: Leftover[] = []
  for (const name of names) {
    if (!(await isThere(name, options))) continue
    progress(io, `devenv down: environment ${name}`)
    await endPage(stateDir(name, io.env))
    const left = await removeAny(name, options, (what) => progress(io, `  waiting for ${what}`))
    if (left.length === 0) removed.push(name)
    leftovers.push(...left)
  }
  const tookMs = Date.now() - began
  printResult(io, { apiVersion: 'devenv/v1', kind: 'Down', removed, leftovers, durationMs: tookMs }, () =>
    removed.length === 0
      ? leftovers.length === 0
        ? 'nothing to remove'
        : 'not everything could be removed'
      : `removed ${removed.join(', ')} (${(tookMs / 1000).toFixed(1)} s)`,
  )
  if (leftovers.length === 0) return
  const list = leftovers.map(({ kind, what, why }) => `${kind} ${what}: ${why}`).join('\n  ')
  throw new DevenvError('LEFTOVERS', `these could not be removed:\n  ${list}`, {
    fix: leftovers.some(({ kind }) => kind === 'engine')
      ? 'Start the engine, then run npm run down again.'
      : 'End or remove them by hand, then run npm run down again.',
  })
}

function contextOf(flag: string | undefined): string | undefined {
  if (flag === undefined) return undefined
  if (flag.startsWith('context:') && flag.length > 'context:'.length) return flag.slice('context:'.length)
  throw new DevenvError('USAGE', `down --cluster ${flag}: only context:NAME has to be told`)
}
