/** What a chart shows, apart from how it is drawn. */

/** One measure over time. */
export interface Line {
  /** In the legend: `question: waiting`. */
  label: string
  /** Place in the palette. */
  color: number
  /** A second measure of the same thing. */
  dashed: boolean
  /** The space below is filled. */
  filled: boolean
  /** Milliseconds from the start, and the value; null is a gap. */
  points: readonly (readonly [number, number | null])[]
}

/** A stretch of time that belongs to a step. */
export interface Band {
  fromMs: number
  toMs: number
  /** Short: the step's number. */
  label: string
  title: string
  failed: boolean
}

export interface Chart {
  /** File name and anchor: `depth`. */
  id: string
  title: string
  /** What the figures are: `messages`. */
  unit: string
  /** A sentence that says what the picture says. */
  description: string
  /** `step`: values hold until the next; `line`: they go from one to the next. */
  curve: 'step' | 'line'
  scale: 'linear' | 'log'
  /** Lower and upper end that must be seen, whatever the data. */
  least: number
  most?: number
  fromMs: number
  toMs: number
  lines: readonly Line[]
  bands: readonly Band[]
}

/** Size of a drawing, in CSS pixels. */
export interface Size {
  width: number
  height: number
}

export const WIDE: Size = { width: 960, height: 260 }
/** For phones: as wide as their screens, so that text keeps its size. */
export const NARROW: Size = { width: 360, height: 230 }
