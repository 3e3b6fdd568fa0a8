/** `devenv checkpoint`: keeps the whole environment as it is now, by name. */
import type { Command } from 'commander'
import { lockFolder } from '../lib/lock.ts'
import { type Io, printResult, progress } from './io.ts'
import {
  ABOUT_CHECKPOINTS,
  embeddedState,
  megabytes,
  printCheckpoint,
  whileStopped,
} from './while-stopped.ts'

const EXAMPLES = `${ABOUT_CHECKPOINTS}

Examples:
  npm run checkpoint -- before-migration
  npm run checkpoint                              which there are
  npm run checkpoint -- before-migration --force  replace it
  npm run checkpoint -- before-migration --delete`

export function register(program: Command, io: Io): void {
  program
    .command('checkpoint')
    .description('keep the environment as it is now under a name; without one, list them')
    .argument('[name]', 'lower-case letters, digits, dots, dashes, underscores')
    .option('--force', 'replace a checkpoint of that name')
    .option('--delete', 'remove the checkpoint of that name')
    .addHelpText('after', EXAMPLES)
    .action((name: string | undefined, flags: { force?: boolean; delete?: boolean }) => {
      if (name === undefined) return list(io)
      return flags.delete ? remove(io, name) : checkpoint(io, name, flags.force ?? false)
    })
}

async function checkpoint(io: Io, name: string, force: boolean): Promise<void> {
  const began = Date.now()
  const { record, folder } = await embeddedState(io)
  const { checkFree, writeCheckpoint } = await import('../checkpoint/folder.ts')
  await checkFree(folder, name, force)
  progress(io, `devenv checkpoint: environment ${io.name}`)
  const made = await whileStopped(io, record, folder, 'copying the state', () =>
    writeCheckpoint(folder, name, new Date()),
  )
  printCheckpoint(
    io,
    'Checkpoint',
    made,
    Date.now() - began,
    `is kept; npm run restore -- ${name} goes back to it`,
  )
}

async function list(io: Io): Promise<void> {
  const { folder } = await embeddedState(io)
  const { listCheckpoints } = await import('../checkpoint/folder.ts')
  const items = await listCheckpoints(folder)
  printResult(io, { apiVersion: 'devenv/v1', kind: 'Checkpoints', name: io.name, items }, () =>
    items.length === 0
      ? 'no checkpoints; npm run checkpoint -- NAME makes one'
      : items.map((one) => `${one.name}  ${one.createdAt}  ${megabytes(one)}`).join('\n'),
  )
}

async function remove(io: Io, name: string): Promise<void> {
  const { folder } = await embeddedState(io)
  const { findCheckpoint, removeCheckpoint } = await import('../checkpoint/folder.ts')
  const found = await findCheckpoint(folder, name)
  await using _lock = await lockFolder(folder, `environment ${io.name}`)
  await removeCheckpoint(folder, name)
  printResult(
    io,
    { apiVersion: 'devenv/v1', kind: 'CheckpointRemoved', name: io.name, checkpoint: found },
    () => `removed ${name} (${megabytes(found)})`,
  )
}
