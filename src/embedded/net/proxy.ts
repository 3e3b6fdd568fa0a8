/** kube-proxy's part: a listener on each Service address and port that passes connections on to endpoints. */
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { Logger } from '../../lib/log.ts'
import type { Backend } from './endpoints.ts'

/** One listener. Its backends may change at any time; without any it refuses connections, as kube-proxy does. */
export class ServicePort implements Disposable {
  readonly #ip: string
  readonly #port: number
  readonly #log: Logger
  readonly #sockets = new Set<Socket>()
  #backends: Backend[] = []
  #turn = 0
  #server: Server | undefined

  constructor(ip: string, port: number, log: Logger) {
    this.#ip = ip
    this.#port = port
    this.#log = log
  }

  setBackends(backends: Backend[]): void {
    this.#backends = backends
    if (backends.length > 0) this.#open()
    else this.#close()
  }

  #open(): void {
    if (this.#server) return
    // Half-open, because a client may say all it has and then read the answer.
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (client) =>
      this.#pass(client, this.#order()),
    )
    this.#server = server
    server.on('error', (error) => {
      this.#server = undefined
      this.#log.warn(`cannot listen on ${this.#ip}:${this.#port}: ${error.message}`)
    })
    server.listen({ host: this.#ip, port: this.#port, exclusive: true })
    server.unref()
  }

  /** No new connections; those that there are go on. */
  #close(): void {
    this.#server?.close()
    this.#server = undefined
  }

  /** All backends, the next one in turn first. */
  #order(): Backend[] {
    const start = this.#turn++ % Math.max(1, this.#backends.length)
    return [...this.#backends.slice(start), ...this.#backends.slice(0, start)]
  }

  #pass(client: Socket, [backend, ...others]: Backend[]): void {
    if (!backend) {
      client.resetAndDestroy()
      return
    }
    const server = connect({ host: backend.ip, port: backend.port, allowHalfOpen: true, noDelay: true })
    this.#track(client)
    this.#track(server)
    const failed = () => {
      server.destroy()
      this.#pass(client, others)
    }
    const gone = () => server.destroy()
    server.once('error', failed)
    client.once('error', gone)
    client.once('close', gone)
    server.once('connect', () => {
      server.off('error', failed)
      client.off('error', gone)
      client.off('close', gone)
      join(client, server)
    })
  }

  #track(socket: Socket): void {
    if (this.#sockets.has(socket)) return
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
  }

  /** Closes the listener and every connection. */
  [Symbol.dispose](): void {
    this.#close()
    for (const socket of this.#sockets) socket.destroy()
  }
}

/** Joins two sockets: what one says the other hears, ends and resets included. */
function join(client: Socket, server: Socket): void {
  for (const [from, to] of [
    [client, server],
    [server, client],
  ] as const) {
    from.on('error', () => to.resetAndDestroy())
    from.on('close', () => to.destroySoon())
    from.pipe(to)
  }
  client.resume()
}
