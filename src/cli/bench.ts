/** `devenv bench`: one thing against its yardstick, in the same run. */
import { resolve } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Bench } from '../bench/bench.ts'
import type { MemoryReport } from '../bench/memory.ts'
import { wholeNumber } from './flags.ts'
import { type Io, printResult, progress } from './io.ts'

const LIMIT_RUNS = 100

interface Flags {
  runs?: number
  messages: number
  perfTest?: string
}

interface Measurement {
  about: string
  /** Pairs of runs unless --runs says otherwise. */
  runs: number
  measure(io: Io, runs: number, onRun: (line: string) => void, flags: Flags): Promise<Measured>
}

interface Measured {
  result: Bench
  /** Ours and the yardstick, for people. */
  text: string
  /** What else was measured. */
  more?: readonly string[]
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
  load: {
    about: "the load's sender against a bare amqplib confirm-channel loop, and its memory",
    runs: 5,
    async measure(_io, runs, onRun, { messages, perfTest }) {
      const { benchLoad } = await import('../bench/load.ts')
      const jar = perfTest === undefined ? {} : { perfTest: resolve(perfTest) }
      const result = await benchLoad({ runs, messages, ...jar, progress: onRun })
      const { ours, yardstick, perfTest: other, memory } = result
      return {
        result,
        text: `${ours} messages/s, bare amqplib loop ${yardstick} messages/s`,
        more: [...(other === undefined ? [] : [`PerfTest: ${other} messages/s`]), ...memoryLines(memory)],
      }
    },
  },
  api: {
    about: 'latencies of the embedded API server against a bare node:https server',
    runs: 5,
    async measure(_io, runs, onRun) {
      const { benchApi } = await import('../bench/api.ts')
      const result = await benchApi({ runs, progress: onRun })
      const each = Object.entries(result.operations).map(
        ([name, { ours, yardstick, ratio }]) =>
          `  ${name.padEnd(8)}${ours} ms, bare ${yardstick} ms, ratio ${ratio}`,
      )
      return { result, text: `${result.ours} ms, bare server ${result.yardstick} ms`, more: each }
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

const EXAMPLES = `
Examples:
  npm run bench -- up
  npm run bench -- up --runs 5 --json
  npm run bench -- helm
  npm run bench -- api
  npm run bench -- load --messages 200000
  npm run bench -- load --perf-test ~/perf-test.jar`

const names = Object.keys(MEASUREMENTS)

export function register(program: Command, io: Io): void {
  const about = names.map((name) => `${name}: ${MEASUREMENTS[name]?.about}`).join('; ')
  program
    .command('bench')
    .description(`measure one thing against its yardstick on this machine: ${names.join(', ')}`)
    .argument('<what>', about, measurementOf)
    .option('--runs <n>', 'how many pairs of runs', count)
    .option(
      '--messages <n>',
      'load: answered messages over which memory is watched; 0 leaves it out',
      wholeNumber(0, 10_000_000),
      1_000_000,
    )
    .addOption(
      new Option(
        '--perf-test <path>',
        "load: compare with RabbitMQ's PerfTest too; its jar, or a folder with the jars (needs java)",
      ).env('DEVENV_PERF_TEST'),
    )
    .addHelpText('after', EXAMPLES)
    .action((what: string, flags: Flags) => bench(what, flags, io))
}

async function bench(what: string, flags: Flags, io: Io): Promise<void> {
  const measurement = MEASUREMENTS[what]!
  const runs = flags.runs ?? measurement.runs
  const { result, text, more = [] } = await measurement.measure(io, runs, (line) => progress(io, line), flags)
  const ratio = `ratio ${result.ratio.toFixed(2)} (median of ${result.runs.length})`
  printResult(io, result, () => [`${what}: ${text}, ${ratio}`, ...more].join('\n'))
}

function memoryLines(memory: MemoryReport | undefined): string[] {
  if (!memory) return []
  const shown = (values: readonly (number | null)[]) => values.map((value) => value ?? '-').join(' ')
  return [
    `memory over ${memory.messages} answered messages, the largest of each tenth:`,
    `  live      ${shown(memory.liveMb)} MB, growth ${memory.growthMb} MB`,
    `  resident  ${shown(memory.rssMb)} MB`,
    `  messages without an answer  ${shown(memory.outstanding)}`,
  ]
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
