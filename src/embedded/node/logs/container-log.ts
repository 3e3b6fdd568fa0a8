/** One run of a container on disk: `time stream tag text` lines as container runtimes write them, with a cap. */
import { closeSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Clock } from '../../../lib/clock.ts'

/** The kubelet's containerLogMaxSize. */
const MAX_BYTES = 10 * 1024 * 1024
/** Longer lines are written in parts, as the runtimes do. */
const MAX_LINE_BYTES = 16 * 1024

export type LogStream = 'stdout' | 'stderr'

export interface LogLine {
  /** RFC 3339 with nanosecond digits, UTC. */
  time: string
  stream: LogStream
  /** True for a part of a line: no newline follows. */
  partial: boolean
  text: Buffer
}

export class ContainerLog {
  readonly path: string
  readonly #clock: Clock
  readonly #rest: Record<LogStream, Buffer> = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) }
  readonly #followers = new Set<{ line(line: LogLine): void; end(): void }>()
  #file: number
  #bytes = 0
  #closed = false

  /** Starts a new file at `path`; its folder is made when missing. */
  constructor(path: string, clock: Clock) {
    this.path = path
    this.#clock = clock
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    this.#file = openSync(path, 'a', 0o600)
  }

  /** Takes output as it comes; lines are written when they are complete. */
  write(stream: LogStream, chunk: Buffer): void {
    if (this.#closed) return
    let rest = this.#rest[stream].length ? Buffer.concat([this.#rest[stream], chunk]) : chunk
    const lines: LogLine[] = []
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      lines.push(this.#line(stream, rest.subarray(0, end), false))
      rest = rest.subarray(end + 1)
    }
    while (rest.length >= MAX_LINE_BYTES) {
      lines.push(this.#line(stream, rest.subarray(0, MAX_LINE_BYTES), true))
      rest = rest.subarray(MAX_LINE_BYTES)
    }
    this.#rest[stream] = Buffer.from(rest)
    this.#append(lines)
  }

  /** Writes what is left of unfinished lines and ends every follower. */
  close(): void {
    if (this.#closed) return
    for (const stream of ['stdout', 'stderr'] as const) {
      if (this.#rest[stream].length) this.#append([this.#line(stream, this.#rest[stream], true)])
    }
    this.#closed = true
    closeSync(this.#file)
    for (const follower of this.#followers) follower.end()
    this.#followers.clear()
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Calls `line` for every line from now on and `end` when the container has ended. */
  follow(follower: { line(line: LogLine): void; end(): void }): Disposable {
    if (this.#closed) follower.end()
    else this.#followers.add(follower)
    return { [Symbol.dispose]: () => void this.#followers.delete(follower) }
  }

  #line(stream: LogStream, text: Buffer, partial: boolean): LogLine {
    const time = new Date(this.#clock.now()).toISOString().replace('Z', '000000Z')
    return { time, stream, partial, text }
  }

  #append(lines: LogLine[]): void {
    if (lines.length === 0) return
    const bytes = Buffer.concat(
      lines.flatMap((line) => [
        Buffer.from(`${line.time} ${line.stream} ${line.partial ? 'P' : 'F'} `),
        line.text,
        Buffer.from('\n'),
      ]),
    )
    if (this.#bytes + bytes.length > MAX_BYTES) this.#rotate()
    try {
      writeSync(this.#file, bytes)
      this.#bytes += bytes.length
    } catch {
      // A full disk costs the lines, as with the real runtimes; the container goes on, and so do its followers.
    }
    for (const follower of this.#followers) for (const line of lines) follower.line(line)
  }

  /** Keeps one older file beside the current one. */
  #rotate(): void {
    closeSync(this.#file)
    renameSync(this.path, `${this.path}.1`)
    this.#file = openSync(this.path, 'a', 0o600)
    this.#bytes = 0
  }
}
