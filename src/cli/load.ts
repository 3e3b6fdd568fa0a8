/** `devenv load`: fills the queues, proves that every message is answered, shows the workers scale. */
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { DevenvError } from '../lib/errors.ts'
import { requireRecord } from '../lib/record.ts'
import type { LoadReport, Via } from '../load/report.ts'
import { duration, ratePerSecond, wholeNumber } from './flags.ts'
import { type Io, printResult, progress } from './io.ts'
import { openLoadDisplay } from './load-display.ts'

const EXAMPLES = `
--messages and --rate count over all chosen queues and are divided evenly among them, or as --mix says. Without
--messages a profile's own number goes to each queue (burst: 100). Without --profile: burst, or steady when --rate
is given. A trace is a CSV or JSON-lines file: atMs (or time, RFC 3339) and queue in each line.

The generator is open loop: arrivals do not wait for answers, and latencies are measured from the moment a message
was due, so a slow stack cannot slow the load down and look better for it (coordinated omission). Times of replicas
are from the first publish.

Examples:
  npm run load -- --messages 300 --wait
  npm run load -- --queue question --messages 50 --task-ms 2000 --wait
  npm run load -- --profile ramp --rate 20/s --wait --report out
  npm run load -- --profile sine --arrivals poisson --mix question=5,resume=1 --wait
  npm run load -- --profile recorded.csv --wait
  npm run load -- --via core-api --rate 5/s --messages 100 --wait
  npm run load -- --messages 300 --wait --json | jq '.queues[].lost'

Exit codes: 0 every message answered; 1 messages lost; 124 the timeout passed (the report is printed anyway).`

interface Flags {
  queue: string
  mix?: string
  messages?: number
  rate?: number
  profile?: string
  arrivals?: 'even' | 'poisson'
  seed?: number
  payloadBytes?: number
  taskMs?: number
  via: Via
  requestTimeout: number
  wait?: boolean
  timeout?: number
  report?: string
}

export function register(program: Command, io: Io): void {
  program
    .command('load')
    .description('fill the queues, match every answer, watch the workers scale')
    .option('--queue <queue>', 'all, job-descr, question, resume, or several with commas', 'all')
    .option('--mix <parts>', 'the queues with their shares, in place of --queue: question=5,resume=1')
    .option('--messages <n>', 'how many messages', wholeNumber(1, 10_000_000))
    .option('--rate <rate>', 'messages a second: 5/s, 300/m', ratePerSecond)
    .option(
      '--profile <profile>',
      'burst, steady, ramp, sine, spike, soak, or the path of a profile or trace',
    )
    .addOption(
      new Option('--arrivals <process>', 'evenly spaced, or at random as independent users come').choices([
        'even',
        'poisson',
      ]),
    )
    .option('--seed <n>', 'repeats the random arrivals of an earlier run', wholeNumber(0, 2 ** 31 - 1))
    .option(
      '--payload-bytes <n>',
      'the size of each request (default: those of seeds/payloads)',
      wholeNumber(1, 16_000_000),
    )
    .option(
      '--task-ms <ms>',
      'how long a worker takes for a task (header x-task-ms)',
      wholeNumber(0, 3_600_000),
    )
    .addOption(
      new Option('--via <door>', 'straight to the queues, or as HTTP requests to core-api')
        .choices(['amqp', 'core-api'])
        .default('amqp'),
    )
    .addOption(
      new Option('--request-timeout <duration>', 'an HTTP request without an answer has failed')
        .argParser(duration)
        .default(60_000, '60s'),
    )
    .option('--wait', 'until every answer is in and the workers are back at zero')
    .addOption(
      new Option(
        '--timeout <duration>',
        'give up after this long (default: 15m after the last message is due)',
      ).argParser(duration),
    )
    .option('--report <dir>', 'write report.json, timeline.json and timeline.csv there')
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) => load(io, flags))
}

async function load(io: Io, flags: Flags): Promise<void> {
  const record = await requireRecord(io.name, io.env)
  const { startLoad } = await import('../load/start.ts')
  const { makeReportFolder, writeReport } = await import('../load/write-report.ts')
  if (flags.report !== undefined) await makeReportFolder(resolve(flags.report))
  const display = await openLoadDisplay(io)
  const {
    timeout: timeoutMs,
    requestTimeout: requestTimeoutMs,
    wait = false,
    report: folder,
    ...rest
  } = flags
  const { report, timeline, failure } = await startLoad(
    record,
    {
      ...rest,
      wait,
      requestTimeoutMs,
      checkout: io.checkout,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    },
    { onTick: display.show, signal: io.signal },
  ).finally(() => display.end())
  if (folder !== undefined) {
    await writeReport(resolve(folder), report, timeline)
    progress(io, `report in ${resolve(folder)}`)
  }
  const { summary } = await import('../load/summary.ts')
  const error = failure ?? lossError(report)
  const { code, message } = error ?? {}
  printResult(io, error ? { ...report, failure: { code, message } } : report, () => summary(report))
  if (!error) return
  if (!io.json) throw error
  // The one object on stdout is the report; the failure is in it.
  io.exitCode = error.exitCode
  progress(io, `error: ${error.message}`)
}

function lossError(report: LoadReport): DevenvError | undefined {
  const losses = Object.entries(report.queues)
    .filter(([, queue]) => queue.lost > 0)
    .map(([name, queue]) => `${queue.lost} of ${queue.published} on ${name}`)
  if (losses.length === 0) return undefined
  return new DevenvError('MESSAGES_LOST', `messages without an answer: ${losses.join(', ')}`, {
    fix: 'npm run logs -- WORKER shows what became of them; npm run status shows the queues.',
  })
}
