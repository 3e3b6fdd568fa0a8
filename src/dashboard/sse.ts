/** Server-sent events: framing, and a response that takes them. */
import type { ServerResponse } from 'node:http'

/** One event with JSON as its data. JSON has no line breaks of its own, so one data line is enough. */
export function frame(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}

const KEEP_ALIVE_MS = 15_000
/** A page that reads slower than this much behind is gone or asleep; it gets the whole state when it is back. */
const MOST_BUFFERED = 4 * 1024 * 1024

export interface EventStream {
  send(event: string, data: unknown): void
  /** Resolves when what was sent has left, or the reader is gone. */
  drained(): Promise<void>
  /** Aborts when the reader is gone. */
  readonly signal: AbortSignal
}

/** Begins the stream; a comment now and then tells both sides that the other is still there. */
export function openStream(response: ServerResponse): EventStream {
  const gone = new AbortController()
  response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store' })
  response.flushHeaders()
  const keepAlive = setInterval(() => response.write(': still here\n\n'), KEEP_ALIVE_MS)
  keepAlive.unref()
  response.on('close', () => {
    clearInterval(keepAlive)
    gone.abort()
  })
  return {
    signal: gone.signal,
    send(event, data) {
      if (gone.signal.aborted) return
      response.write(frame(event, data))
      if (response.writableLength > MOST_BUFFERED) response.destroy()
    },
    async drained() {
      if (gone.signal.aborted || !response.writableNeedDrain) return
      await new Promise<void>((resolve) => {
        response.once('drain', resolve)
        gone.signal.addEventListener('abort', () => resolve(), { once: true })
      })
    },
  }
}
