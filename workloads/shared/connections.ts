/** The connections of a server: which of them a client may still send on when the server is to end. */
import type { Socket } from 'node:net'

/** Who goes on sending for so long after the end began does so on purpose. */
const MAX_LINGER_MS = 10_000

export class Connections {
  readonly #keepAliveMs: number
  /** Without a request so far. */
  readonly #silent = new Set<Socket>()
  /** Between two requests, with the time of the last answer. */
  readonly #kept = new Map<Socket, number>()
  #lastArrival = 0

  /** `keepAliveMs`: how long after an answer clients keep a connection. */
  constructor(keepAliveMs: number) {
    this.#keepAliveMs = keepAliveMs
  }

  opened(socket: Socket): void {
    this.#lastArrival = performance.now()
    this.#silent.add(socket)
    socket.once('close', () => {
      this.#silent.delete(socket)
      this.#kept.delete(socket)
    })
  }

  asked(socket: Socket): void {
    this.#lastArrival = performance.now()
    this.#silent.delete(socket)
    this.#kept.delete(socket)
  }

  answered(socket: Socket): void {
    if (!socket.destroyed) this.#kept.set(socket, performance.now())
  }

  /**
   * Resolves when nothing has come for `lingerMs`, from now at the earliest, and no client keeps a connection that
   * it may be about to send on; after 10 s in any case.
   */
  async quiet(lingerMs: number): Promise<void> {
    const began = performance.now()
    this.#lastArrival = began
    for (;;) {
      const now = performance.now()
      const until = Math.max(
        this.#lastArrival + lingerMs,
        ...[...this.#kept.values()].map((at) => at + this.#keepAliveMs),
      )
      const rest = Math.min(until, began + MAX_LINGER_MS) - now
      if (rest <= 0) return
      // In short steps: a client that hangs up, or has had its last answer, is not waited for.
      await new Promise((resolve) => setTimeout(resolve, Math.min(rest, Math.max(lingerMs, 50))))
    }
  }

  /** Browsers open connections ahead of need; Node waits a minute for their first request. */
  endSilent(): void {
    for (const socket of this.#silent) socket.destroy()
  }
}
