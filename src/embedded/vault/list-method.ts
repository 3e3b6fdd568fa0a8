/** Vault's LIST verb, which Node's HTTP parser refuses: requests that begin with it are renamed on the way in. */
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'

/** The method that LIST arrives as: one that Node knows and Vault does not use. */
export const LIST_STAND_IN = 'PROPFIND'

const LIST = Buffer.from('LIST /')

/**
 * A socket for `http.Server` (through its `connection` event) that swaps the verb of LIST requests.
 * Only the first bytes of a request are looked at: a body that begins with `LIST /` stays as it is.
 */
export class ListMethodSocket extends Duplex {
  readonly #socket: Socket
  #atRequestStart = true

  constructor(socket: Socket) {
    super({ allowHalfOpen: true })
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => {
      if (!this.push(this.#rename(chunk))) socket.pause()
    })
    socket.on('end', () => this.push(null))
    socket.on('error', (error) => this.destroy(error))
    socket.on('close', () => this.destroy())
  }

  #rename(chunk: Buffer): Buffer {
    const list = this.#atRequestStart && chunk.subarray(0, LIST.length).equals(LIST)
    this.#atRequestStart = false
    return list ? Buffer.concat([Buffer.from(`${LIST_STAND_IN} /`), chunk.subarray(LIST.length)]) : chunk
  }

  override _read(): void {
    this.#socket.resume()
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    // The server answers once it has read the whole request: what comes after an answer is a new request.
    this.#atRequestStart = true
    this.#socket.write(chunk, encoding, done)
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(() => done())
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy()
    done(error)
  }
}
