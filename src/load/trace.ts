/** Trace files: recorded arrivals, a time and a queue each, to be played back. */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { parse } from 'csv-parse'
import { z } from 'zod'
import { DevenvError, messageOf } from '../lib/errors.ts'
import { chooseQueues, type TaskQueue } from './queues.ts'

/** Due times per queue, milliseconds from the first arrival of the file, ascending. */
export type Trace = ReadonlyMap<TaskQueue, readonly number[]>

/** A line says `atMs` (from any zero) or `time` (RFC 3339), and `queue`, by its short or full name. */
const Line = z
  .object({
    atMs: z.coerce.number().min(0).optional(),
    time: z.iso.datetime({ offset: true }).optional(),
    queue: z.string(),
  })
  .refine(({ atMs, time }) => (atMs === undefined) !== (time === undefined), 'needs either atMs or time')

const MOST_LINES = 10_000_000
const MOST_PROBLEMS = 20

export function isTrace(path: string): boolean {
  return /\.(csv|jsonl|ndjson)$/i.test(path)
}

/** Reads a trace of CSV (with a header) or JSON lines. CONFIG_INVALID names the file and its lines at fault. */
export async function readTrace(path: string): Promise<Trace> {
  const times = new Map<TaskQueue, number[]>(chooseQueues('all').map((queue) => [queue, []]))
  const problems: string[] = []
  let lines = 0
  try {
    for await (const { line, value } of /\.csv$/i.test(path) ? csvLines(path) : jsonLines(path)) {
      const problem = ++lines > MOST_LINES ? `more than ${MOST_LINES} lines` : book(value, times)
      if (problem !== undefined) problems.push(`${path}:${line}: ${problem}`)
      if (problems.length >= MOST_PROBLEMS || lines > MOST_LINES) break
    }
  } catch (thrown) {
    problems.push(`${path}: ${messageOf(thrown)}`)
  }
  if (problems.length === 0 && lines === 0) problems.push(`${path}: no arrivals`)
  if (problems.length > 0) {
    throw new DevenvError('CONFIG_INVALID', problems.join('\n'), {
      fix: 'A line holds atMs (milliseconds) or time (RFC 3339), and queue: job-descr, question or resume.',
    })
  }
  return fromZero(times)
}

/** Puts one line into its queue; answers what is wrong with it. */
function book(value: unknown, times: Map<TaskQueue, number[]>): string | undefined {
  if (value instanceof Error) return value.message
  const read = Line.safeParse(value)
  if (!read.success)
    return read.error.issues.map((issue) => [...issue.path, issue.message].join(': ')).join('; ')
  const { atMs, time, queue: name } = read.data
  const queue = [...times.keys()].find((known) => known.alias === name || known.name === name)
  if (!queue) return `there is no queue "${name}"`
  times.get(queue)!.push(atMs ?? Date.parse(time!))
  return undefined
}

function fromZero(times: Map<TaskQueue, number[]>): Trace {
  let zero = Number.POSITIVE_INFINITY
  for (const list of times.values()) for (const at of list) zero = Math.min(zero, at)
  return new Map(
    [...times].map(([queue, list]) => [queue, list.map((at) => at - zero).sort((a, b) => a - b)]),
  )
}

async function* csvLines(path: string) {
  const parser = parse({ columns: true, info: true, trim: true, skip_empty_lines: true, bom: true })
  createReadStream(path)
    .on('error', (error) => parser.destroy(error))
    .pipe(parser)
  for await (const row of parser) {
    const { record, info } = row as { record: Record<string, string>; info: { lines: number } }
    const given = Object.entries(record).filter(([, text]) => text !== '')
    yield { line: info.lines, value: Object.fromEntries(given) as unknown }
  }
}

async function* jsonLines(path: string) {
  let line = 0
  const stream = createReadStream(path)
  for await (const text of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    line++
    if (text.trim() === '') continue
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch (thrown) {
      value = thrown
    }
    yield { line, value }
  }
}
