/** A service in front of the queues as the load's target: each message is an HTTP request of its own. */
import http from 'node:http'
import { askQueues, type ManagementAccess } from '../ask-queues.ts'
import { Gate } from '../gate.ts'
import type { LoadTarget, OpenTarget, TargetEvents } from '../target.ts'

export interface HttpTargetOptions {
  /** `http://host:port`, without a slash at its end. */
  url: string
  /** Per queue of the run: its name, and the path that leads to it. */
  routes: readonly { queue: string; path: string }[]
  payloads: readonly (readonly Buffer[])[]
  /** Sent as header `x-task-ms`. */
  taskMs?: number
  /** A request without an answer for so long has failed. */
  timeoutMs: number
  broker: ManagementAccess
}

/** Requests under way at once. Past it the generator is late, which its latencies and `latenessMs` show. */
const MOST_OPEN = 1_000

/**
 * An answer with any status is a reply (an error from 400 on); a request that got none has failed. Confirmed is
 * what was answered: before that nobody took responsibility.
 */
export function httpTarget(options: HttpTargetOptions): OpenTarget {
  return async (events) => new HttpTarget(options, events)
}

class HttpTarget implements LoadTarget {
  readonly #options: HttpTargetOptions
  readonly #events: TargetEvents
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: MOST_OPEN, maxFreeSockets: MOST_OPEN })
  readonly #gate = new Gate(() => this.hasRoom)
  readonly #open = new Set<http.ClientRequest>()

  constructor(options: HttpTargetOptions, events: TargetEvents) {
    this.#options = options
    this.#events = events
  }

  get hasRoom(): boolean {
    return this.#open.size < MOST_OPEN
  }

  room(signal: AbortSignal): Promise<void> {
    return this.#gate.pass(signal)
  }

  send(queue: number, index: number): void {
    const { url, routes, payloads, taskMs, timeoutMs } = this.#options
    const bodies = payloads[queue]!
    const body = bodies[index % bodies.length]!
    const headers = {
      'content-type': 'application/json',
      'content-length': body.length,
      ...(taskMs === undefined ? {} : { 'x-task-ms': taskMs }),
    }
    const request = http.request(url + routes[queue]!.path, {
      method: 'POST',
      agent: this.#agent,
      headers,
      signal: AbortSignal.timeout(timeoutMs),
    })
    this.#open.add(request)
    let ended = false
    const end = (tell: () => void) => {
      if (ended) return
      ended = true
      this.#open.delete(request)
      tell()
      this.#gate.changed()
    }
    const fail = (error: Error) => end(() => this.#events.failed(queue, index, reasonOf(error)))
    request.on('error', fail)
    request.on('response', (response) => {
      response.resume()
      response.on('error', fail)
      response.on('end', () => {
        const status = response.statusCode ?? 0
        end(() => {
          this.#events.confirmed(queue, index)
          this.#events.replied(queue, index, { failed: status >= 400, status })
        })
      })
    })
    request.end(body)
  }

  async depths() {
    const { routes, broker } = this.#options
    const listed = await askQueues(broker)
    return routes.map(({ queue }) => {
      const found = listed?.find(({ name }) => name === queue)
      return listed
        ? { ready: found?.ready ?? 0, unacked: found?.unacked ?? 0 }
        : { ready: undefined, unacked: undefined }
    })
  }

  async close(): Promise<void> {
    for (const request of this.#open) request.destroy()
    this.#agent.destroy()
  }
}

/** A short word for a count: ECONNREFUSED, ECONNRESET, timeout. */
function reasonOf(error: Error): string {
  const { code } = error as NodeJS.ErrnoException
  if (error.name === 'AbortError' || error.name === 'TimeoutError' || code === 'ABORT_ERR') return 'timeout'
  return typeof code === 'string' ? code : error.message
}
