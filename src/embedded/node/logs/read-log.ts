/** `kubectl logs`: reads a container's log with its options, and follows it while the container runs. */
import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import type { LogOptions } from '../agent.ts'
import type { ContainerLog, LogLine, LogStream } from './container-log.ts'

/**
 * The text of the log at `path` (and its rotated part). `live` is the log's writer while the container runs.
 * The stream ends at the container's end, at limitBytes, or when `signal` aborts.
 */
export function readLog(
  path: string,
  live: ContainerLog | undefined,
  options: LogOptions,
  nowMs: number,
  signal: AbortSignal,
): Readable {
  const since = sinceMs(options, nowMs)
  let lines = storedLines(path).filter((line) => since === undefined || Date.parse(line.time) >= since)
  if (options.tailLines !== undefined) lines = lastLines(lines, options.tailLines)

  let left = options.limitBytes ?? Number.POSITIVE_INFINITY
  const stream = new Readable({
    read() {},
    destroy(error, done) {
      subscription?.[Symbol.dispose]()
      done(error)
    },
  })
  const push = (line: LogLine) => {
    if (left <= 0) return
    const bytes = render(line, options.timestamps === true)
    stream.push(bytes.length > left ? bytes.subarray(0, left) : bytes)
    left -= bytes.length
    if (left <= 0) stream.push(null)
  }
  for (const line of lines) push(line)
  let subscription: Disposable | undefined
  if (options.follow && live && !live.closed && left > 0) {
    subscription = live.follow({ line: push, end: () => left > 0 && stream.push(null) })
    signal.addEventListener('abort', () => stream.destroy(), { once: true })
  } else if (left > 0) {
    stream.push(null)
  }
  return stream
}

/** The last bytes and lines of a log, for termination messages (FallbackToLogsOnError). */
export function logTail(path: string, maxLines: number, maxBytes: number): string {
  const text = Buffer.concat(lastLines(storedLines(path), maxLines).map((line) => render(line, false)))
  return text.subarray(Math.max(0, text.length - maxBytes)).toString('utf8')
}

function sinceMs(options: LogOptions, nowMs: number): number | undefined {
  if (options.sinceTime !== undefined) return Date.parse(options.sinceTime)
  return options.sinceSeconds === undefined ? undefined : nowMs - options.sinceSeconds * 1000
}

/** The last `count` whole lines: a partial line belongs to the line that it is part of. */
function lastLines(lines: LogLine[], count: number): LogLine[] {
  if (count === 0) return []
  let seen = 0
  for (let at = lines.length - 1; at >= 0; at--) {
    const startsLine = at === 0 || !lines[at - 1]!.partial
    if (startsLine && ++seen === count) return lines.slice(at)
  }
  return lines
}

function render(line: LogLine, timestamps: boolean): Buffer {
  const parts = [line.text]
  if (timestamps) parts.unshift(Buffer.from(`${line.time} `))
  if (!line.partial) parts.push(Buffer.from('\n'))
  return Buffer.concat(parts)
}

function storedLines(path: string): LogLine[] {
  return [`${path}.1`, path].flatMap((file) => parse(readOrEmpty(file)))
}

function readOrEmpty(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch {
    return Buffer.alloc(0)
  }
}

function parse(bytes: Buffer): LogLine[] {
  const lines: LogLine[] = []
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(10, start)
    const end = newline < 0 ? bytes.length : newline
    const afterTime = bytes.indexOf(32, start)
    const afterStream = bytes.indexOf(32, afterTime + 1)
    lines.push({
      time: bytes.toString('latin1', start, afterTime),
      stream: bytes.toString('latin1', afterTime + 1, afterStream) as LogStream,
      partial: bytes[afterStream + 1] === 80,
      text: bytes.subarray(afterStream + 3, end),
    })
    start = end + 1
  }
  return lines
}
