/** `devenv bench`: one thing against its yardstick, in the same run. */
import { type Command, InvalidArgumentError } from 'commander'
import type { Bench } from '../bench/bench.ts'
import { type Io, printResult, progress } from './io.ts'

const LIMIT_RUNS = 100

interface Measurement {
  about: string
  /** Pairs of runs unless --runs says otherwise. */
  runs: number
  measure(io: Io, runs: number, onRun: (line: string) => void): Promise<{ result: Bench; text: string }>
}

const MEASUREMENTS: Record<string, Measurement> = {
  up: {
    about: 'the whole environment against a bare RabbitMQ',
    runs: 3,
    async measure(io, runs, onRun) {
      const { benchUp } = await import('../bench/up.ts')
      const result = await benchUp({ checkout: io.checkout, runs, progress: onRun })
      const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
      return { result, text: `${seconds(result.ours)}, bare RabbitMQ ${seconds(result.yardstick)}` }
    },
  },
  helm: {
    about: 'rendering the bundled stack against the helm template process',
    runs: 9,
    async measure(io, runs, onRun) {
      const { benchHelm } = await import('../bench/helm.ts')
      const result = await benchHelm({ checkout: io.checkout, runs, progress: onRun, path: io.env.PATH })
      const { ours, yardstick, helmVersion, cold } = result
      const text = `${ours} ms warm, ${cold.ours} ms cold (ratio ${cold.ratio}), helm ${helmVersion} ${yardstick} ms`
      return { result, text }
    },
  },
}

const names = Object.keys(MEASUREMENTS)

export function register(program: Command, io: Io): void {
  const about = names.map((name) => `${name}: ${MEASUREMENTS[name]?.about}`).join('; ')
  program
    .command('bench')
    .description(`measure one thing against its yardstick on this machine: ${names.join(', ')}`)
    .argument('<what>', about, measurementOf)
    .option('--runs <n>', 'how many pairs of runs', count)
    .addHelpText(
      'after',
      '\nExamples:\n  npm run bench -- up\n  npm run bench -- up --runs 5 --json\n  npm run bench -- helm',
    )
    .action((what: string, flags: { runs?: number }) => bench(what, flags.runs, io))
}

async function bench(what: string, given: number | undefined, io: Io): Promise<void> {
  const measurement = MEASUREMENTS[what]!
  const runs = given ?? measurement.runs
  const { result, text } = await measurement.measure(io, runs, (line) => progress(io, line))
  printResult(
    io,
    result,
    () => `${what}: ${text}, ratio ${result.ratio.toFixed(2)} (median of ${result.runs.length})`,
  )
}

function measurementOf(text: string): string {
  if (names.includes(text)) return text
  throw new InvalidArgumentError(`there are: ${names.join(', ')}`)
}

function count(text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1 && value <= LIMIT_RUNS) return value
  throw new InvalidArgumentError(`a whole number from 1 to ${LIMIT_RUNS}`)
}
