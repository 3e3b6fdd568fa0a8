/** SPDY/3 header blocks: one zlib stream per direction for the whole session. */
import { constants, createInflate, type Inflate } from 'node:zlib'
import { headerDictionary } from './header-dictionary.ts'

/** Reads the header blocks of a peer, in order. */
export class HeaderReader {
  readonly #inflate: Inflate = createInflate({
    dictionary: headerDictionary(),
    flush: constants.Z_SYNC_FLUSH,
    finishFlush: constants.Z_SYNC_FLUSH,
  })

  /** Names in lower case to values; one call at a time. Rejects for bytes that are no header block. */
  async read(block: Buffer): Promise<Map<string, string>> {
    await new Promise<void>((resolve, reject) => {
      this.#inflate.once('error', reject)
      this.#inflate.write(block, () => {
        this.#inflate.removeListener('error', reject)
        resolve()
      })
    })
    return parse((this.#inflate.read() as Buffer | null) ?? Buffer.alloc(0))
  }

  close(): void {
    this.#inflate.destroy()
  }
}

function parse(plain: Buffer): Map<string, string> {
  const headers = new Map<string, string>()
  if (plain.length < 4) return headers
  let at = 4
  const text = () => {
    const length = plain.readUInt32BE(at)
    at += 4 + length
    return plain.subarray(at - length, at).toString()
  }
  for (let left = plain.readUInt32BE(0); left > 0; left--) {
    const name = text()
    headers.set(name.toLowerCase(), text())
  }
  return headers
}

const ZLIB_HEADER = Buffer.from([0x78, 0x01])
// A stored block of four zero bytes (no headers), and an empty one, which makes the peer's inflate deliver.
const NO_HEADERS = Buffer.from([0, 4, 0, 0xfb, 0xff, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff])

/** An empty header block: stored, not deflated, which needs no state but whether it is the session's first. */
export function emptyBlock(first: boolean): Buffer {
  return first ? Buffer.concat([ZLIB_HEADER, NO_HEADERS]) : NO_HEADERS
}
