/** The states and due times of neighbouring messages: dense while they are under way, then only the exceptions. */
import { COMPLETE } from './message-state.ts'

export const SEGMENT_BITS = 12
export const SEGMENT_LENGTH = 1 << SEGMENT_BITS

/** So few are kept in a map, which takes some hundred bytes for each, and the buffers become free. */
const FEW = SEGMENT_LENGTH / 64

export interface Segment {
  state(index: number): number
  dueMs(index: number): number
  setState(index: number, state: number): void
  /** Bytes that it takes, roughly. */
  readonly bytes: number
}

/** Nine bytes per message. */
export class DenseSegment implements Segment {
  readonly #state = new Uint8Array(SEGMENT_LENGTH)
  readonly #dueMs = new Float64Array(SEGMENT_LENGTH)
  readonly bytes = 9 * SEGMENT_LENGTH
  #first = 0
  #length = 0
  #untouched = 0
  #incomplete = 0

  /** Makes it that of `length` messages from number `first` on, whatever it was before. */
  begin(first: number, length: number): this {
    this.#first = first
    this.#length = length
    this.#untouched = length
    this.#incomplete = length
    this.#state.fill(0)
    return this
  }

  state(index: number): number {
    return this.#state[index - this.#first]!
  }

  dueMs(index: number): number {
    return this.#dueMs[index - this.#first]!
  }

  setDue(index: number, dueMs: number): void {
    this.#dueMs[index - this.#first] = dueMs
  }

  setState(index: number, state: number): void {
    const place = index - this.#first
    if (this.#state[place] === 0) this.#untouched--
    if (state === COMPLETE) this.#incomplete--
    this.#state[place] = state
  }

  /** All are published, and next to none is still open. */
  get isNearlyComplete(): boolean {
    return this.#untouched === 0 && this.#incomplete <= FEW
  }

  /** What has to be remembered once this is nearly complete. */
  exceptions(): SparseSegment {
    const open = new Map<number, Exception>()
    for (let place = 0; place < this.#length; place++) {
      const state = this.#state[place]!
      if (state !== COMPLETE) open.set(this.#first + place, { state, dueMs: this.#dueMs[place]! })
    }
    return new SparseSegment(open)
  }
}

interface Exception {
  state: number
  dueMs: number
}

/** Everything that it does not name is complete. */
export class SparseSegment implements Segment {
  readonly #open: Map<number, Exception>

  constructor(open: Map<number, Exception>) {
    this.#open = open
  }

  state(index: number): number {
    return this.#open.get(index)?.state ?? COMPLETE
  }

  dueMs(index: number): number {
    return this.#open.get(index)?.dueMs ?? Number.NaN
  }

  setState(index: number, state: number): void {
    if (state === COMPLETE) this.#open.delete(index)
    else this.#open.set(index, { state, dueMs: this.dueMs(index) })
  }

  get bytes(): number {
    return 100 * this.#open.size
  }
}
