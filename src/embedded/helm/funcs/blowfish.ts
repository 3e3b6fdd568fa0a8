/** The Blowfish cipher, as much of it as bcrypt needs. Its tables are the digits of pi. */

const ROUNDS = 16
const P_WORDS = ROUNDS + 2
const S_WORDS = 1024
const BITS = 32 * (P_WORDS + S_WORDS)
/** Extra precision that the series may lose. */
const GUARD = 64

/** arctan(1/x), scaled. */
function arctanOfInverse(x: bigint, scale: bigint): bigint {
  let power = scale / x
  let sum = power
  for (let n = 3n; power !== 0n; n += 2n) {
    power = -power / (x * x)
    sum += power / n
  }
  return sum
}

/** The fraction of pi in 32-bit words (Machin's formula). */
function piWords(): Uint32Array {
  const scale = 1n << BigInt(BITS + GUARD)
  const pi = 16n * arctanOfInverse(5n, scale) - 4n * arctanOfInverse(239n, scale)
  const hex = ((pi - 3n * scale) >> BigInt(GUARD)).toString(16).padStart(BITS / 4, '0')
  return Uint32Array.from({ length: P_WORDS + S_WORDS }, (_, i) =>
    Number.parseInt(hex.slice(i * 8, i * 8 + 8), 16),
  )
}

let tables: Uint32Array | undefined

export class Blowfish {
  readonly #p: Uint32Array
  readonly #s: Uint32Array
  left = 0
  right = 0

  constructor() {
    tables ??= piWords()
    this.#p = tables.slice(0, P_WORDS)
    this.#s = tables.slice(P_WORDS)
  }

  /** Encrypts the block in `left` and `right`. */
  encrypt(): void {
    const p = this.#p
    const s = this.#s
    let l = this.left ^ (p[0] as number)
    let r = this.right
    for (let i = 1; i <= ROUNDS; i += 2) {
      r ^= this.#mix(s, l) ^ (p[i] as number)
      l ^= this.#mix(s, r) ^ (p[i + 1] as number)
    }
    this.left = r ^ (p[ROUNDS + 1] as number)
    this.right = l
  }

  #mix(s: Uint32Array, x: number): number {
    const high = ((s[x >>> 24] as number) + (s[256 + ((x >>> 16) & 255)] as number)) | 0
    return ((high ^ (s[512 + ((x >>> 8) & 255)] as number)) + (s[768 + (x & 255)] as number)) | 0
  }

  /** Works a key into the state, and a salt if there is one. */
  expand(key: Uint8Array, salt?: Uint8Array): void {
    const keyWords = wordsOf(key)
    const saltWords = salt ? wordsOf(salt) : () => 0
    for (let i = 0; i < P_WORDS; i++) this.#p[i] = (this.#p[i] as number) ^ keyWords()
    this.left = this.right = 0
    for (const table of [this.#p, this.#s]) {
      for (let i = 0; i < table.length; i += 2) {
        this.left ^= saltWords()
        this.right ^= saltWords()
        this.encrypt()
        table[i] = this.left
        table[i + 1] = this.right
      }
    }
  }
}

/** Reads bytes as big-endian words, over and over. */
function wordsOf(bytes: Uint8Array): () => number {
  let at = 0
  return () => {
    let word = 0
    for (let i = 0; i < 4; i++) {
      word = (word << 8) | (bytes[at] as number)
      at = (at + 1) % bytes.length
    }
    return word
  }
}
