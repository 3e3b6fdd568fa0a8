/** `devenv restore`: the whole environment as it was at a checkpoint. */
import type { Command } from 'commander'
import { type Io, progress } from './io.ts'
import { ABOUT_CHECKPOINTS, embeddedState, printCheckpoint, whileStopped } from './while-stopped.ts'

const EXAMPLES = `${ABOUT_CHECKPOINTS}

What the environment holds now is given up.

Examples:
  npm run restore -- before-migration`

export function register(program: Command, io: Io): void {
  program
    .command('restore')
    .description('put the environment back to a checkpoint')
    .argument('<name>')
    .addHelpText('after', EXAMPLES)
    .action((name: string) => restore(io, name))
}

async function restore(io: Io, name: string): Promise<void> {
  const began = Date.now()
  const { record, folder } = await embeddedState(io)
  const { findCheckpoint, readCheckpoint } = await import('../checkpoint/folder.ts')
  const found = await findCheckpoint(folder, name)
  progress(io, `devenv restore: environment ${io.name}`)
  await whileStopped(io, record, folder, 'putting the state back', () => readCheckpoint(folder, name))
  printCheckpoint(io, 'Restore', found, Date.now() - began, `of ${found.createdAt} is restored`)
}
