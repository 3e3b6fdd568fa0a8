/** `devenv load`: fills the queues, proves that every message is answered, shows the workers scale. */
import { join, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { DevenvError } from '../lib/errors.ts'
import { requireRecord } from '../lib/record.ts'
import type { LoadReport, QueueAccount } from '../load/report.ts'
import type { TimelineRow } from '../load/timeline.ts'
import { duration, ratePerSecond, wholeNumber } from './flags.ts'
import { type Io, printResult, progress } from './io.ts'

const EXAMPLES = `
--messages and --rate count over all chosen queues and are divided evenly among them. Without --messages a
profile's own number goes to each queue (burst: 100). Without --profile: burst, or steady when --rate is given.
Latencies are measured from the moment a message was due. Times of replicas are from the first publish.

Examples:
  npm run load -- --messages 300 --wait
  npm run load -- --queue question --messages 50 --task-ms 2000 --wait
  npm run load -- --profile ramp --rate 20/s --wait --report out
  npm run load -- --messages 300 --wait --json | jq '.queues[].lost'

Exit codes: 0 every message answered; 1 messages lost; 124 the timeout passed (the report is printed anyway).`

interface Flags {
  queue: string
  messages?: number
  rate?: number
  profile?: string
  taskMs?: number
  wait?: boolean
  timeout: number
  report?: string
}

export function register(program: Command, io: Io): void {
  program
    .command('load')
    .description('Fill the queues, match every answer, watch the workers scale')
    .option('--queue <queue>', 'all, job-descr, question, resume, or several with commas', 'all')
    .option('--messages <n>', 'how many messages', wholeNumber(1, 10_000_000))
    .option('--rate <rate>', 'messages a second: 5/s, 300/m', ratePerSecond)
    .option('--profile <profile>', 'steady, burst, ramp, or the path of a profile')
    .option(
      '--task-ms <ms>',
      'how long a worker takes for a task (header x-task-ms)',
      wholeNumber(0, 3_600_000),
    )
    .option('--wait', 'until every answer is in and the workers are back at zero')
    .addOption(
      new Option('--timeout <duration>', 'give up after this long')
        .argParser(duration)
        .default(15 * 60_000, '15m'),
    )
    .option('--report <dir>', 'write report.json and timeline.csv there')
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) => load(io, flags))
}

async function load(io: Io, flags: Flags): Promise<void> {
  const record = await requireRecord(io.name, io.env)
  const { startLoad } = await import('../load/start.ts')
  const display = await openDisplay(io)
  const { timeout: timeoutMs, wait = false, report: folder, ...rest } = flags
  const { report, timeline, failure } = await startLoad(
    record,
    { ...rest, wait, timeoutMs, checkout: io.checkout },
    { onTick: display.show, signal: io.signal },
  ).finally(() => display.end())
  if (folder !== undefined) await writeReport(io, resolve(folder), report, timeline)
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

/** In place on a terminal, one line a second otherwise; on stderr in both cases. */
async function openDisplay(io: Io) {
  const { liveTable, progressLine } = await import('../load/display.ts')
  if (io.quiet) return { show: () => undefined, end: () => undefined }
  if (!io.stderr.isTTY) {
    const show = (accounts: readonly QueueAccount[], atMs: number, note: string) =>
      progress(io, progressLine(accounts, atMs, note))
    return { show, end: () => undefined }
  }
  const { redraw } = await import('./redraw.ts')
  const screen = redraw(io.stderr)
  const show = (accounts: readonly QueueAccount[], atMs: number, note: string) =>
    screen.draw(liveTable(accounts, atMs, note))
  return { show, end: () => screen.end() }
}

async function writeReport(
  io: Io,
  folder: string,
  report: LoadReport,
  timeline: TimelineRow[],
): Promise<void> {
  const { mkdir, writeFile } = await import('node:fs/promises')
  const { timelineCsv } = await import('../load/timeline.ts')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`)
  await writeFile(join(folder, 'timeline.csv'), timelineCsv(timeline))
  progress(io, `report in ${folder}`)
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
