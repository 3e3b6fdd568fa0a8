/** The server's side of a SPDY/3.1 session, as far as Kubernetes' streams use it. */
import { Duplex } from 'node:stream'
import { emptyBlock, HeaderReader } from './header-block.ts'

const VERSION = 3
const SYN_STREAM = 1
const SYN_REPLY = 2
const RST_STREAM = 3
const PING = 6
const GOAWAY = 7
const FIN = 1
const CANCEL = 5
const HEADER_BYTES = 8
const MAX_DATA_BYTES = 16 * 1024

export interface SessionOptions {
  /** Sends bytes to the peer. */
  send: (bytes: Buffer) => void
  /** A stream that the peer opened. */
  onStream: (stream: SpdyStream) => void
  onClose: () => void
}

/** A stream of a session. Ending it sends FIN; `headers` are the peer's, with names in lower case. */
export class SpdyStream extends Duplex {
  readonly id: number
  readonly headers: Map<string, string>
  readonly #session: SpdySession

  constructor(session: SpdySession, id: number, headers: Map<string, string>) {
    super({ allowHalfOpen: true })
    this.#session = session
    this.id = id
    this.headers = headers
  }

  override _read(): void {}

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    for (let at = 0; at < chunk.length; at += MAX_DATA_BYTES) {
      this.#session.sendData(this.id, chunk.subarray(at, at + MAX_DATA_BYTES), false)
    }
    done()
  }

  override _final(done: () => void): void {
    this.#session.sendData(this.id, Buffer.alloc(0), true)
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#session.forget(this.id, !this.writableFinished)
    done(error)
  }
}

/** Frames in, frames out; feed it with `receive`. */
export class SpdySession {
  readonly #options: SessionOptions
  readonly #headers = new HeaderReader()
  readonly #streams = new Map<number, SpdyStream>()
  #pending = Buffer.alloc(0) as Buffer
  #replied = false
  #closed = false
  // Header blocks are inflated asynchronously: frames are worked on one after the other.
  #work: Promise<void> = Promise.resolve()

  constructor(options: SessionOptions) {
    this.#options = options
  }

  /** Takes bytes of the peer, cut anyhow. */
  receive(bytes: Buffer): void {
    this.#pending = Buffer.concat([this.#pending, bytes])
    while (this.#pending.length >= HEADER_BYTES) {
      const length = this.#pending.readUIntBE(5, 3)
      const end = HEADER_BYTES + length
      if (this.#pending.length < end) return
      const head = this.#pending.subarray(0, HEADER_BYTES)
      const payload = this.#pending.subarray(HEADER_BYTES, end)
      this.#pending = this.#pending.subarray(end)
      this.#work = this.#work.then(() => this.#frame(head, payload)).catch(() => this.close())
    }
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    for (const stream of this.#streams.values()) stream.destroy()
    this.#headers.close()
    this.#options.onClose()
  }

  sendData(id: number, data: Buffer, fin: boolean): void {
    const head = Buffer.alloc(HEADER_BYTES)
    head.writeUInt32BE(id)
    head.writeUInt8(fin ? FIN : 0, 4)
    head.writeUIntBE(data.length, 5, 3)
    this.#send(Buffer.concat([head, data]))
  }

  /** Drops a stream; `reset` tells the peer that it was cut off. */
  forget(id: number, reset: boolean): void {
    if (!this.#streams.delete(id) || !reset || this.#closed) return
    const payload = Buffer.alloc(8)
    payload.writeUInt32BE(id)
    payload.writeUInt32BE(CANCEL, 4)
    this.#control(RST_STREAM, payload)
  }

  async #frame(head: Buffer, payload: Buffer): Promise<void> {
    if (this.#closed) return
    const isControl = (head.readUInt8(0) & 0x80) !== 0
    const fin = (head.readUInt8(4) & FIN) !== 0
    if (!isControl) {
      this.#data(head.readUInt32BE(0), payload, fin)
      return
    }
    switch (head.readUInt16BE(2)) {
      case SYN_STREAM:
        return this.#open(payload, fin)
      case RST_STREAM:
        this.#streams.get(payload.readUInt32BE(0) & 0x7fffffff)?.destroy()
        return
      case PING:
        // The peer's pings are odd; an even one would be an answer to ours, and we send none.
        this.#control(PING, payload)
        return
      case GOAWAY:
        this.close()
        return
      default:
      // Settings, window updates and later headers: nothing here depends on them.
    }
  }

  async #open(payload: Buffer, fin: boolean): Promise<void> {
    const id = payload.readUInt32BE(0) & 0x7fffffff
    const headers = await this.#headers.read(payload.subarray(10))
    const stream = new SpdyStream(this, id, headers)
    // What goes wrong with one stream is told to its user by its closing.
    stream.on('error', () => undefined)
    this.#streams.set(id, stream)
    const reply = Buffer.alloc(4)
    reply.writeUInt32BE(id)
    this.#control(SYN_REPLY, Buffer.concat([reply, emptyBlock(!this.#replied)]))
    this.#replied = true
    if (fin) stream.push(null)
    this.#options.onStream(stream)
  }

  #data(id: number, data: Buffer, fin: boolean): void {
    const stream = this.#streams.get(id)
    if (!stream) return
    if (data.length > 0) stream.push(data)
    if (fin) stream.push(null)
  }

  #control(type: number, payload: Buffer): void {
    const head = Buffer.alloc(HEADER_BYTES)
    head.writeUInt16BE(0x8000 | VERSION)
    head.writeUInt16BE(type, 2)
    head.writeUIntBE(payload.length, 5, 3)
    this.#send(Buffer.concat([head, payload]))
  }

  #send(bytes: Buffer): void {
    if (!this.#closed) this.#options.send(bytes)
  }
}
