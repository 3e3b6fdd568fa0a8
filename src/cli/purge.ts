/** `devenv purge`: removes the caches, which the next `up` fetches again. */
import { rm } from 'node:fs/promises'
import type { Command } from 'commander'
import { DevenvError } from '../lib/errors.ts'
import { folderBytes } from '../lib/folder-bytes.ts'
import { cacheDir, listEnvironments, stateDir } from '../lib/paths.ts'
import { readRecord } from '../lib/record.ts'
import { confirm } from './confirm.ts'
import { type Io, printResult } from './io.ts'

const EXAMPLES = `
The cache holds RabbitMQ's and Erlang's packages and compiled code, shared by all environments; the next \`up\` fetches
them again. State is not touched: \`down\` removes an environment. node_modules belongs to the checkout.

Examples:
  npm run purge
  npm run purge -- --yes`

export function register(program: Command, io: Io): void {
  program
    .command('purge')
    .description('remove the caches, after telling how much that is')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', EXAMPLES)
    .action((flags: { yes?: boolean }) => purge(io, flags.yes ?? false))
}

async function purge(io: Io, yes: boolean): Promise<void> {
  const cache = cacheDir(io.env)
  const bytes = await folderBytes(cache)
  const result = (removed: boolean) => ({
    apiVersion: 'devenv/v1',
    kind: 'Purge',
    cache,
    bytes,
    removed,
  })
  if (bytes === 0) return printResult(io, result(false), () => `nothing to remove: ${cache} is empty`)
  const running = await runningEnvironments(io)
  if (running.length > 0)
    throw new DevenvError(
      'BUSY',
      `${running.join(', ')} ${running.length === 1 ? 'runs' : 'run'} from this cache`,
      {
        fix: 'npm run stop keeps the state, npm run down removes it; then purge.',
      },
    )
  const size = `${(bytes / 1_048_576).toFixed(1)} MB`
  if (!(await confirm(io, `remove ${size} in ${cache}?`, yes)))
    return printResult(
      io,
      result(false),
      () => `${cache} holds ${size}; nothing was removed (--yes removes it)`,
    )
  await rm(cache, { recursive: true, force: true })
  printResult(io, result(true), () => `removed ${size} in ${cache}; the next up fetches what it needs`)
}

/** The embedded cluster's broker runs from the cache; a stopped environment does not. */
async function runningEnvironments(io: Io): Promise<string[]> {
  const { processesOf } = await import('../lib/daemon.ts')
  const names = await listEnvironments(io.env)
  const records = await Promise.all(names.map((name) => readRecord(name, io.env).catch(() => undefined)))
  return names.filter(
    (name, place) =>
      records[place]?.phase !== 'Stopped' && processesOf(name, stateDir(name, io.env)).length > 0,
  )
}
