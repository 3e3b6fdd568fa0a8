/** The arrivals of all queues in one order. */
import type { Arrivals } from './arrivals.ts'

export interface Due {
  /** The queue's place in the run. */
  queue: number
  /** The message's number in its queue. */
  index: number
  /** Milliseconds from the start. */
  dueMs: number
}

interface Head extends Due {
  size: number
  arrivals: Arrivals
}

export class Schedule {
  readonly #heads: Head[] = []

  /** `size` messages of each queue; sizes past the end of finite arrivals are an error of the caller. */
  constructor(queues: readonly { size: number; arrivals: Arrivals }[]) {
    for (const [queue, { size, arrivals }] of queues.entries()) {
      const head = { queue, index: -1, dueMs: 0, size, arrivals }
      if (forward(head)) this.#heads.push(head)
    }
  }

  /** The next message; the object is good until `take`. Undefined when all are through. */
  get next(): Readonly<Due> | undefined {
    let earliest: Head | undefined
    for (const head of this.#heads) if (!earliest || isBefore(head, earliest)) earliest = head
    return earliest
  }

  /** Done with the next message. */
  take(): void {
    const head = this.next as Head | undefined
    if (head && !forward(head)) this.#heads.splice(this.#heads.indexOf(head), 1)
  }
}

/** Due at once, queues take turns. */
function isBefore(a: Head, b: Head): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.index < b.index)
}

function forward(head: Head): boolean {
  head.index++
  if (head.index >= head.size) return false
  head.dueMs = head.arrivals.next().value as number
  return true
}
