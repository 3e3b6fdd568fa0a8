/** Whether a process's memory stays flat while it works. Pure. */

export interface MemorySample {
  /** How much was done by then. */
  done: number
  /** The resident set: what the process holds, garbage included. */
  rssMb: number
  /** What is live: heap and buffers after a full collection; only now and then, as it takes a pause. */
  liveMb?: number
  /** Messages without an answer: what memory follows, and no leak. */
  outstanding: number
}

export interface MemoryReport {
  messages: number
  /** The largest of each tenth of the messages; null where there was no sample. */
  rssMb: (number | null)[]
  liveMb: (number | null)[]
  /** When broker and workers fall behind the sender, live memory rises with these. */
  outstanding: (number | null)[]
  /** The largest live memory of the second half less the largest of the first: what a leak would raise. */
  growthMb: number
}

const PARTS = 10

/** Which tenth `done` belongs to, from 0. */
export function tenthOf(done: number, messages: number): number {
  return Math.min(PARTS - 1, Math.floor((PARTS * done) / messages))
}

export function memoryReport(samples: readonly MemorySample[], messages: number): MemoryReport {
  const largest = (figureOf: (sample: MemorySample) => number | undefined) =>
    Array.from({ length: PARTS }, (_, tenth) => {
      const values = samples
        .filter(({ done }) => tenthOf(done, messages) === tenth)
        .flatMap((sample) => figureOf(sample) ?? [])
      return values.length === 0 ? null : Math.round(Math.max(...values) * 10) / 10
    })
  const liveMb = largest((sample) => sample.liveMb)
  const most = (values: readonly (number | null)[]) => Math.max(...values.map((value) => value ?? 0))
  const growth = most(liveMb.slice(PARTS / 2)) - most(liveMb.slice(0, PARTS / 2))
  return {
    messages,
    rssMb: largest((sample) => sample.rssMb),
    liveMb,
    outstanding: largest((sample) => sample.outstanding),
    growthMb: Math.round(growth * 10) / 10,
  }
}
