/** `devenv bench`: one thing against its yardstick, in the same run. */
import { type Command, InvalidArgumentError } from 'commander'
import { type Io, printResult, progress } from './io.ts'

const LIMIT_RUNS = 20

export function register(program: Command, io: Io): void {
  program
    .command('bench')
    .description('measure one thing against its yardstick on this machine: up')
    .argument('<what>', 'up: the whole environment against a bare RabbitMQ', oneOf)
    .option('--runs <n>', 'how many pairs of runs', count, 3)
    .addHelpText('after', '\nExamples:\n  npm run bench -- up\n  npm run bench -- up --runs 5 --json')
    .action((_what: string, flags: { runs: number }) => bench(flags.runs, io))
}

async function bench(runs: number, io: Io): Promise<void> {
  const { benchUp } = await import('../bench/up.ts')
  const result = await benchUp({ checkout: io.checkout, runs, progress: (line) => progress(io, line) })
  printResult(
    io,
    result,
    () =>
      `up: ${(result.ours / 1000).toFixed(1)} s, bare RabbitMQ ${(result.yardstick / 1000).toFixed(1)} s, ratio ${result.ratio.toFixed(2)} (median of ${runs})`,
  )
}

function oneOf(text: string): string {
  if (text === 'up') return text
  throw new InvalidArgumentError('there is: up')
}

function count(text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1 && value <= LIMIT_RUNS) return value
  throw new InvalidArgumentError(`a whole number from 1 to ${LIMIT_RUNS}`)
}
