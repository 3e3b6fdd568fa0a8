/** The channel protocol of exec and attach: numbered streams in the messages of one WebSocket. */
import { PassThrough, type Readable, Writable } from 'node:stream'
import type { WebSocket } from 'ws'
import { booleanOf } from '../http/options.ts'

/** In the order in which the server prefers them. */
export const CHANNEL_PROTOCOLS = [
  'v5.channel.k8s.io',
  'v4.channel.k8s.io',
  'v3.channel.k8s.io',
  'v2.channel.k8s.io',
  'channel.k8s.io',
  'v4.base64.channel.k8s.io',
  'base64.channel.k8s.io',
] as const

const STDIN = 0
const STDOUT = 1
const STDERR = 2
const STATUS = 3
const CLOSE = 255

// Above this much unsent data a stream waits for the client.
const HIGH_WATER_BYTES = 1024 * 1024

export interface Channels {
  stdin?: Readable
  stdout?: Writable
  stderr?: Writable
  /** Sends the final status on the error channel and closes. */
  finish(status: Record<string, unknown>): void
  /** Aborted when the client goes. */
  signal: AbortSignal
}

/** The streams that the query asks for, over an accepted WebSocket. */
export function openChannels(socket: WebSocket, query: URLSearchParams): Channels {
  const base64 = socket.protocol.includes('base64')
  const gone = new AbortController()
  const stdin = booleanOf(query, 'stdin') ? new PassThrough() : undefined
  const tty = booleanOf(query, 'tty')
  socket.on('message', (data) => receive(data as Buffer, base64, stdin))
  socket.on('close', () => {
    stdin?.end()
    gone.abort()
  })
  const stdout = booleanOf(query, 'stdout') ? writable(socket, STDOUT, base64) : undefined
  const stderr = booleanOf(query, 'stderr') && !tty ? writable(socket, STDERR, base64) : undefined
  // One empty message tells the client that the streams are open.
  if (stdout || stderr) sendOn(socket, stdout ? STDOUT : STDERR, Buffer.alloc(0), base64)
  return {
    ...(stdin ? { stdin } : {}),
    ...(stdout ? { stdout } : {}),
    ...(stderr ? { stderr } : {}),
    signal: gone.signal,
    finish(status) {
      if (socket.readyState !== socket.OPEN) return
      sendOn(socket, STATUS, Buffer.from(JSON.stringify(status)), base64)
      socket.close(1000)
    },
  }
}

/** A frame: the channel, and the data; as text the channel is a digit and the data base64. */
export function sendOn(
  socket: WebSocket,
  channel: number,
  data: Buffer,
  base64: boolean,
  sent?: () => void,
): void {
  if (socket.readyState !== socket.OPEN) {
    sent?.()
    return
  }
  const frame = base64
    ? `${channel}${data.toString('base64')}`
    : Buffer.concat([Buffer.from([channel]), data])
  socket.send(frame, () => sent?.())
}

/** Channel and data of a message. */
export function parseFrame(data: Buffer, base64: boolean): { channel: number; data: Buffer } {
  if (!base64) return { channel: data[0] ?? -1, data: data.subarray(1) }
  const text = data.toString()
  return { channel: Number(text[0] ?? -1), data: Buffer.from(text.slice(1), 'base64') }
}

function receive(message: Buffer, base64: boolean, stdin: PassThrough | undefined): void {
  const { channel, data } = parseFrame(message, base64)
  if (!stdin || stdin.writableEnded) return
  if (channel === STDIN) stdin.write(data)
  // v5: the client has no more to send on that channel.
  else if (channel === CLOSE && data[0] === STDIN) stdin.end()
}

function writable(socket: WebSocket, channel: number, base64: boolean): Writable {
  return new Writable({
    write(chunk: Buffer, _, done) {
      // Waiting for the socket only when it is behind keeps small writes from costing a round each.
      const full = socket.bufferedAmount > HIGH_WATER_BYTES
      sendOn(socket, channel, chunk, base64, full ? () => done() : undefined)
      if (!full) done()
    },
  })
}
