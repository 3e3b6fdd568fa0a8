/**
 * The account of every message: published, confirmed, answered. Memory follows what is under way, not what was
 * sent: of a segment that is through only the exceptions are kept.
 */
import { CONFIRMED, FAILED, PUBLISHED, REPLIED, REPUBLISHED, RETURNED, SETTLED } from './message-state.ts'
import { DenseSegment, SEGMENT_BITS, SEGMENT_LENGTH, type Segment } from './segment.ts'

export type ReplyOutcome = 'first' | 'duplicate' | 'unknown'

/** Messages are numbered from 0; times are milliseconds from the start of the run. */
export class Ledger {
  #size: number
  published = 0
  confirmed = 0
  replied = 0
  /** Further answers to messages that went out once. */
  duplicates = 0
  /** Further answers to messages that went out again after a reconnect: what at-least-once delivery allows. */
  republishDuplicates = 0
  /** How often messages went out again after a reconnect. */
  republished = 0
  /** Answers to nothing that we sent. */
  unknown = 0
  returned = 0
  failed = 0
  /** Published, and neither answered nor refused yet. */
  outstanding = 0
  #settled = 0
  /** Undefined where nothing was published yet. */
  readonly #segments: (Segment | undefined)[]
  /** Buffers of segments that are through, to be used again. */
  readonly #spare: DenseSegment[] = []

  constructor(size: number) {
    this.#size = size
    this.#segments = new Array(Math.ceil(size / SEGMENT_LENGTH)).fill(undefined)
  }

  /** How many messages there will have been at the end. */
  get size(): number {
    return this.#size
  }

  /** No more will be published. */
  close(): void {
    this.#size = this.published
  }

  /** The message went out; `dueMs` is when it was to go, which latencies are measured from. */
  publish(index: number, dueMs: number): void {
    const place = index >> SEGMENT_BITS
    const segment = this.#segments[place] ?? this.#begin(place)
    if (!(segment instanceof DenseSegment) || segment.state(index) !== 0) return
    segment.setState(index, PUBLISHED)
    segment.setDue(index, dueMs)
    this.published++
    this.outstanding++
  }

  /** It went out again. */
  republish(index: number): void {
    this.republished++
    this.#set(index, REPUBLISHED)
  }

  /** The broker took responsibility for it. */
  confirm(index: number): void {
    if (this.#set(index, CONFIRMED)) this.confirmed++
  }

  /** There was no queue for it. */
  return(index: number): void {
    if (this.#refuse(index, RETURNED)) this.returned++
  }

  /** It was not taken. */
  fail(index: number): void {
    if (this.#refuse(index, FAILED)) this.failed++
  }

  /** An answer came. The first one tells its latency in milliseconds. */
  reply(index: number, nowMs: number): { outcome: ReplyOutcome; latencyMs: number } {
    if (!(index >= 0 && index < this.size) || !this.#has(index, PUBLISHED)) {
      this.unknown++
      return { outcome: 'unknown', latencyMs: 0 }
    }
    if (this.#has(index, REPLIED)) {
      if (this.#has(index, REPUBLISHED)) this.republishDuplicates++
      else this.duplicates++
      return { outcome: 'duplicate', latencyMs: 0 }
    }
    const latencyMs = nowMs - this.#segment(index)!.dueMs(index)
    this.replied++
    if (!this.#has(index, RETURNED | FAILED)) this.outstanding--
    this.#set(index, REPLIED)
    return { outcome: 'first', latencyMs }
  }

  isReplied(index: number): boolean {
    return this.#has(index, REPLIED)
  }

  /** Not published yet, or published with a fate at the broker that is not known. */
  get unsettled(): number {
    return this.size - this.#settled
  }

  /** Never delivered to a worker. */
  get refused(): number {
    return this.returned + this.failed
  }

  /** Published and never answered; meaningful once no more answers can come. */
  get lost(): number {
    return this.published - this.replied
  }

  /** What the messages take in memory. */
  get bytes(): number {
    return [...this.#segments, ...this.#spare].reduce((sum, segment) => sum + (segment?.bytes ?? 0), 0)
  }

  /** Published ones whose fate at the broker is not known: after a lost connection these go out again. */
  *unconfirmed(): Generator<number> {
    for (const [place, segment] of this.#segments.entries()) {
      if (!segment) continue
      const first = place << SEGMENT_BITS
      const end = Math.min(first + SEGMENT_LENGTH, this.size)
      for (let index = first; index < end; index++) {
        const state = segment.state(index)
        if (state & PUBLISHED && !(state & SETTLED)) yield index
      }
    }
  }

  #refuse(index: number, flag: number): boolean {
    const over = this.#has(index, REPLIED | RETURNED | FAILED)
    if (!this.#set(index, flag)) return false
    if (!over) this.outstanding--
    return true
  }

  #has(index: number, flags: number): boolean {
    return ((this.#segment(index)?.state(index) ?? 0) & flags) !== 0
  }

  /** True when the flag was not set before. */
  #set(index: number, flag: number): boolean {
    const segment = this.#segment(index)
    const before = segment?.state(index) ?? 0
    if (!segment || !(before & PUBLISHED) || before & flag) return false
    if (!(before & SETTLED) && flag & SETTLED) this.#settled++
    segment.setState(index, before | flag)
    if (segment instanceof DenseSegment && segment.isNearlyComplete) {
      this.#segments[index >> SEGMENT_BITS] = segment.exceptions()
      this.#spare.push(segment)
    }
    return true
  }

  #segment(index: number): Segment | undefined {
    return this.#segments[index >> SEGMENT_BITS]
  }

  #begin(place: number): Segment {
    const first = place << SEGMENT_BITS
    const segment = this.#spare.pop() ?? new DenseSegment()
    segment.begin(first, Math.min(SEGMENT_LENGTH, this.size - first))
    this.#segments[place] = segment
    return segment
  }
}
