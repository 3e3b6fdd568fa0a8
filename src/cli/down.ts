/** `devenv down`: remove everything that an environment made. */
import type { Command } from 'commander'
import type { Leftover } from '../cluster/leftover.ts'
import { DevenvError } from '../lib/errors.ts'
import { listEnvironments, stateDir } from '../lib/paths.ts'
import { type Io, printResult, progress } from './io.ts'

export function register(program: Command, io: Io): void {
  program
    .command('down')
    .description('remove everything that the environment made')
    .option('--all', 'every environment of this user on this machine')
    .addHelpText('after', '\nExamples:\n  npm run down\n  npm run down -- --all')
    .action((flags: { all?: boolean }) => down(flags.all === true, io))
}

async function down(all: boolean, io: Io): Promise<void> {
  const began = Date.now()
  const names = all ? await listEnvironments() : [io.name]
  const { removeEnvironment } = await import('../cluster/embedded/remove.ts')
  const { processesOf } = await import('../lib/daemon.ts')
  const existing = new Set(await listEnvironments())
  const removed: string[] = []
  const leftovers: Leftover[] = []
  for (const name of names) {
    if (!existing.has(name) && processesOf(name).length === 0) continue
    progress(io, `devenv down: environment ${name}`)
    const left = await removeEnvironment(name, stateDir(name), (what) =>
      progress(io, `  waiting for ${what}`),
    )
    removed.push(name)
    leftovers.push(...left)
  }
  const tookMs = Date.now() - began
  printResult(io, { apiVersion: 'devenv/v1', kind: 'Down', removed, leftovers, durationMs: tookMs }, () =>
    removed.length === 0
      ? 'nothing to remove'
      : `removed ${removed.join(', ')} (${(tookMs / 1000).toFixed(1)} s)`,
  )
  if (leftovers.length === 0) return
  const list = leftovers.map(({ kind, what, why }) => `${kind} ${what}: ${why}`).join('\n  ')
  throw new DevenvError('LEFTOVERS', `these could not be removed:\n  ${list}`, {
    fix: 'End or remove them by hand, then run npm run down again.',
  })
}
