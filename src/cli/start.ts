/** `devenv start`: what was stopped goes on, as its `up` was asked for. */
import type { Command } from 'commander'
import { requireRecord } from '../lib/record.ts'
import { type Io, progress } from './io.ts'

const EXAMPLES = `
Takes the flags of the environment's \`up\`; \`up\` with other flags starts it too, and changes it.

Examples:
  npm run stop
  npm run start`

export function register(program: Command, io: Io): void {
  program
    .command('start')
    .description('start a stopped environment where it left off, at the same addresses')
    .addHelpText('after', EXAMPLES)
    .action(async () => {
      const { asked, checkout, cluster, profile } = await requireRecord(io.name, io.env)
      progress(io, `devenv start: environment ${io.name}`)
      const flags = asked ?? { cluster: cluster.kind, profile }
      const { bringUpOrResume } = await import('./run-up.ts')
      await bringUpOrResume({ ...flags, checkout, name: io.name }, io)
    })
}
