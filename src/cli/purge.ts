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
The cache holds RabbitMQ's and Erlang's packages, k3d, the operators' manifests and compiled code; in the Docker engine
that answers, the pull-through mirrors hold the images that k3d clusters pulled, and builds keep their layers. All
environments share them, and the next \`up\` fetches them again. State is not touched: \`down\` removes an environment.
node_modules belongs to the checkout.

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
  const { findMirrorVolumes } = await import('../cluster/k3d/mirror-volumes.ts')
  const [bytes, mirrors] = await Promise.all([folderBytes(cache), findMirrorVolumes(io.env)])
  const { volumes, layers } = 'absent' in mirrors ? { volumes: [], layers: [] } : mirrors
  const result = (removed: boolean) => ({
    apiVersion: 'devenv/v1',
    kind: 'Purge',
    cache,
    bytes,
    mirrors: volumes.map(({ name, bytes }) => ({ volume: name, bytes })),
    layers: layers.length,
    removed,
  })
  if (bytes === 0 && volumes.length === 0 && layers.length === 0)
    return printResult(io, result(false), () => `nothing to remove: ${cache} is empty`)
  const users = new Set([...(await runningEnvironments(io)), ...volumes.flatMap(({ usedBy }) => usedBy)])
  if (users.size > 0)
    throw new DevenvError('BUSY', `the caches are in use by ${[...users].join(', ')}`, {
      fix: 'npm run down removes an environment; then purge.',
    })
  const parts = [
    ...(bytes > 0 ? [`${inMb(bytes)} in ${cache}`] : []),
    ...(volumes.length > 0
      ? [
          `${inMb(volumes.reduce((sum, volume) => sum + volume.bytes, 0))} of images in volumes (${volumes.map(({ name }) => name).join(', ')})`,
        ]
      : []),
    ...(layers.length > 0 ? [`untagged images of builds (${layers.length})`] : []),
  ].join(' and ')
  if (!(await confirm(io, `remove ${parts}?`, yes)))
    return printResult(
      io,
      result(false),
      () => `there are ${parts}; nothing was removed (--yes removes them)`,
    )
  await rm(cache, { recursive: true, force: true })
  if ('remove' in mirrors) await mirrors.remove()
  printResult(io, result(true), () => `removed ${parts}; the next up fetches what it needs`)
}

function inMb(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MB`
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
