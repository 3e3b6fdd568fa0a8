/** Collects samples into a Timeline of bounded size, however long the run. */
import type { Fold, Series, Timeline, TimelineEvent, Unit } from './timeline.ts'
import { MOST_SAMPLES } from './timeline.ts'

/** A column to record: what it is about, and how it may be thinned out. */
export interface Column {
  subject: string
  measure: string
  unit: Unit
  fold: Fold
}

export class TimelineRecorder {
  readonly #columns: readonly Column[]
  readonly #values: (number | null)[][]
  readonly #events: TimelineEvent[] = []
  readonly #most: number
  readonly #baseMs: number
  #atMs: number[] = []
  /** How many samples of the caller make one here. */
  #stride = 1
  /** Samples of the caller in the last one here. */
  #inLast = 0

  /** `intervalMs` is how often `sample` will be called; `most` has to be even. */
  constructor(columns: readonly Column[], intervalMs: number, most = MOST_SAMPLES) {
    this.#columns = columns
    this.#values = columns.map(() => [])
    this.#baseMs = intervalMs
    this.#most = most
  }

  /** One value per column, in the order of the columns; times must not go back. */
  sample(atMs: number, values: readonly (number | null)[]): void {
    const at = Math.max(0, Math.round(atMs))
    if (this.#inLast > 0 && this.#inLast < this.#stride) {
      this.#foldIntoLast(at, values)
      return
    }
    this.#atMs.push(at)
    this.#inLast = 1
    for (const [place, column] of this.#values.entries()) column.push(round(values[place] ?? null))
    if (this.#atMs.length > this.#most) this.#halve()
  }

  event(atMs: number, subject: string, text: string): void {
    this.#events.push({ atMs: Math.max(0, Math.round(atMs)), subject, text })
  }

  /** What was recorded of one column so far, oldest first; empty when there is no such column. */
  values(subject: string, measure: string): readonly (number | null)[] {
    const place = this.#columns.findIndex(
      (column) => column.subject === subject && column.measure === measure,
    )
    return this.#values[place] ?? []
  }

  /** What was recorded so far; `startedAt` in milliseconds since the epoch. */
  toTimeline(startedAt: number): Timeline {
    const series: Series[] = this.#columns.map(({ subject, measure, unit }, place) => ({
      subject,
      measure,
      unit,
      values: [...this.#values[place]!],
    }))
    return {
      apiVersion: 'devenv/v1',
      kind: 'Timeline',
      startedAt: new Date(startedAt).toISOString(),
      intervalMs: this.#baseMs * this.#stride,
      atMs: [...this.#atMs],
      series,
      events: [...this.#events],
    }
  }

  #foldIntoLast(at: number, values: readonly (number | null)[]): void {
    const last = this.#atMs.length - 1
    this.#atMs[last] = at
    for (const [place, column] of this.#values.entries()) {
      const { fold } = this.#columns[place]!
      column[last] = round(folded(fold, column[last]!, this.#inLast, values[place] ?? null, 1))
    }
    this.#inLast++
  }

  /** Makes one sample of each two. The newest stands alone, as `most` is even, and is still filling up. */
  #halve(): void {
    const pairs = Array.from({ length: this.#most / 2 }, (_, pair) => 2 * pair)
    for (const [place, column] of this.#values.entries()) {
      const { fold } = this.#columns[place]!
      this.#values[place] = [
        ...pairs.map((first) => round(folded(fold, column[first]!, 1, column[first + 1]!, 1))),
        column.at(-1)!,
      ]
    }
    this.#atMs = [...pairs.map((first) => this.#atMs[first + 1]!), this.#atMs.at(-1)!]
    this.#stride *= 2
  }
}

/** Two values as one; `a` and `b` stand for so many samples each. */
function folded(fold: Fold, a: number | null, aCount: number, b: number | null, bCount: number) {
  if (a === null || b === null) return a ?? b
  if (fold === 'max') return Math.max(a, b)
  return fold === 'last' ? b : (a * aCount + b * bCount) / (aCount + bCount)
}

function round(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1000) / 1000
}
