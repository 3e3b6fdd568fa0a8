/** Reads the protobuf wire format. */

/** A cursor over bytes; throws RangeError at a premature end. */
export class Reader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length
  }

  /** Field number and wire type of the next field. */
  tag(): { field: number; wire: number } {
    const tag = Number(this.varint())
    return { field: tag >>> 3, wire: tag & 7 }
  }

  varint(): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) throw new RangeError('truncated varint')
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asIntN(64, value)
    }
    throw new RangeError('varint is too long')
  }

  bytes(): Buffer {
    const length = Number(this.varint())
    const end = this.#at + length
    if (length < 0 || end > this.#bytes.length) throw new RangeError('truncated field')
    const slice = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return slice
  }

  skip(wire: number): void {
    if (wire === 0) this.varint()
    else if (wire === 1) this.#at += 8
    else if (wire === 2) this.bytes()
    else if (wire === 5) this.#at += 4
    else throw new RangeError(`wire type ${wire}`)
    if (this.#at > this.#bytes.length) throw new RangeError('truncated field')
  }
}
