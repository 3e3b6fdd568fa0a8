/** The account of every message: published, confirmed, answered. Nine bytes each, however long the run. */

const PUBLISHED = 1
const CONFIRMED = 2
const REPLIED = 4
const REFUSED = 8
/** Any of these: the broker's part is known. */
const SETTLED = CONFIRMED | REPLIED | REFUSED

export type ReplyOutcome = 'first' | 'duplicate' | 'unknown'

/** Messages are numbered from 0; times are milliseconds from the first publish. */
export class Ledger {
  readonly size: number
  published = 0
  confirmed = 0
  replied = 0
  /** Answered more than once. */
  duplicates = 0
  /** Answers to nothing that we sent. */
  unknown = 0
  /** Returned as unroutable, or refused by the broker: never delivered to a worker. */
  refused = 0
  /** Published, and neither answered nor refused yet. */
  outstanding = 0
  #settled = 0
  readonly #state: Uint8Array
  readonly #dueMs: Float64Array

  constructor(size: number) {
    this.size = size
    this.#state = new Uint8Array(size)
    this.#dueMs = new Float64Array(size)
  }

  /** The message went out; `dueMs` is when it was to go, which latencies are measured from. */
  publish(index: number, dueMs: number): void {
    if (this.#set(index, PUBLISHED)) {
      this.published++
      this.outstanding++
      this.#dueMs[index] = dueMs
    }
  }

  /** The broker took responsibility for it. */
  confirm(index: number): void {
    this.#settle(index)
    if (this.#set(index, CONFIRMED)) this.confirmed++
  }

  /** The broker did not take it: no queue for it, or a negative confirm. */
  refuse(index: number): void {
    this.#settle(index)
    if (!this.#set(index, REFUSED)) return
    this.refused++
    if (!this.#has(index, REPLIED)) this.outstanding--
  }

  /** An answer came. The first one tells its latency in milliseconds. */
  reply(index: number, nowMs: number): { outcome: ReplyOutcome; latencyMs: number } {
    if (!(index >= 0 && index < this.size) || !this.#has(index, PUBLISHED)) {
      this.unknown++
      return { outcome: 'unknown', latencyMs: 0 }
    }
    this.#settle(index)
    if (!this.#set(index, REPLIED)) {
      this.duplicates++
      return { outcome: 'duplicate', latencyMs: 0 }
    }
    this.replied++
    if (!this.#has(index, REFUSED)) this.outstanding--
    return { outcome: 'first', latencyMs: nowMs - (this.#dueMs[index] ?? nowMs) }
  }

  /** Not published yet, or published with a fate at the broker that is not known. */
  get unsettled(): number {
    return this.size - this.#settled
  }

  isReplied(index: number): boolean {
    return this.#has(index, REPLIED)
  }

  /** Published ones whose fate at the broker is not known: after a lost connection these go out again. */
  *unconfirmed(): Generator<number> {
    for (let index = 0; index < this.size; index++) {
      const state = this.#state[index] ?? 0
      if (state & PUBLISHED && !(state & SETTLED)) yield index
    }
  }

  /** Published and never answered; meaningful once no more answers can come. */
  get lost(): number {
    return this.published - this.replied
  }

  #settle(index: number): void {
    if (((this.#state[index] ?? 0) & SETTLED) === 0) this.#settled++
  }

  #has(index: number, flag: number): boolean {
    return ((this.#state[index] ?? 0) & flag) !== 0
  }

  /** True when the flag was not set before. */
  #set(index: number, flag: number): boolean {
    if (this.#has(index, flag)) return false
    this.#state[index] = (this.#state[index] ?? 0) | flag
    return true
  }
}
