/** `npm test`: types, lint, layers, dead code, unit, contract and one end-to-end run, each named and timed. */
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bin = (name: string) => join(root, 'node_modules', '.bin', name)

interface Stage {
  name: string
  group: 'check' | 'unit' | 'contract' | 'e2e'
  command: string
  args: string[]
}

const STAGES: Stage[] = [
  { name: 'types', group: 'check', command: bin('tsc'), args: ['-p', '.'] },
  { name: 'types of the page', group: 'check', command: bin('tsc'), args: ['-p', 'src/dashboard/page'] },
  { name: 'lint', group: 'check', command: bin('biome'), args: ['ci', '--error-on-warnings', '.'] },
  {
    name: 'layers',
    group: 'check',
    command: bin('depcruise'),
    args: ['--config', '.dependency-cruiser.cjs', 'src', 'workloads'],
  },
  { name: 'dead code', group: 'check', command: bin('knip'), args: ['--no-progress'] },
  { name: 'unit', group: 'unit', command: bin('vitest'), args: ['run', '--project', 'unit'] },
  { name: 'contract', group: 'contract', command: bin('vitest'), args: ['run', '--project', 'contract'] },
  { name: 'end to end', group: 'e2e', command: bin('vitest'), args: ['run', '--project', 'e2e'] },
]

const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined
const stages = STAGES.filter((stage) => only === undefined || stage.group === only)
if (stages.length === 0) {
  process.stderr.write(`no stage "${only}"; there are: check, unit, contract, e2e\n`)
  process.exit(2)
}

// The Node that runs this file also runs the tools, whatever the PATH says.
const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` }
const failed: string[] = []
for (const stage of stages) {
  process.stdout.write(`\n── ${stage.name}\n`)
  const began = Date.now()
  const result = spawnSync(stage.command, stage.args, { cwd: root, env, stdio: 'inherit' })
  const seconds = ((Date.now() - began) / 1000).toFixed(1)
  if (result.status !== 0) failed.push(stage.name)
  process.stdout.write(`── ${stage.name}: ${result.status === 0 ? 'ok' : 'FAILED'} (${seconds} s)\n`)
}
process.stdout.write(failed.length === 0 ? '\nall stages passed\n' : `\nfailed: ${failed.join(', ')}\n`)
process.exit(failed.length === 0 ? 0 : 1)
