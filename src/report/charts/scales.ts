/** From figures to places on paper, and where the axes get their marks. Pure. */
import { scaleLinear, scaleLog } from 'd3-scale'
import type { Chart, Size } from './chart.ts'
import { clock, figure } from './format.ts'

export interface Mark {
  at: number
  label: string
}

export interface Scales {
  x(ms: number): number
  y(value: number): number
  xMarks: Mark[]
  yMarks: Mark[]
  /** Edges of the drawing area. */
  left: number
  right: number
  top: number
  bottom: number
}

const MARGIN = { top: 24, right: 12, bottom: 26, left: 54 }
/** A label of the time axis needs so much room. */
const X_ROOM = 72
const Y_ROOM = 46
/** Steps that people count time in, in seconds. */
const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400]

export function scalesOf(chart: Chart, { width, height }: Size): Scales {
  const { left, top } = MARGIN
  const right = width - MARGIN.right
  const bottom = height - MARGIN.bottom
  const x = scaleLinear([chart.fromMs, Math.max(chart.toMs, chart.fromMs + 1000)], [left, right])
  const values = chart.lines.flatMap(({ points }) => points.map(([, value]) => value ?? Number.NaN))
  const known = values.filter((value) => Number.isFinite(value))
  const { scale, marks } =
    chart.scale === 'log'
      ? logarithmic(known, chart)
      : linear(known, chart, Math.floor((bottom - top) / Y_ROOM))
  scale.range([bottom, top])
  return {
    x: (ms) => tenth(x(ms)),
    y: (value) => tenth(scale(chart.scale === 'log' ? Math.max(value, scale.domain()[0]!) : value)),
    xMarks: timeMarks(chart, Math.floor((right - left) / X_ROOM)).map((ms) => ({
      at: tenth(x(ms)),
      label: clock(ms),
    })),
    yMarks: marks.map((value) => ({ at: tenth(scale(value)), label: figure(value, chart.unit) })),
    left,
    right,
    top,
    bottom,
  }
}

function linear(values: number[], { least, most, unit }: Chart, count: number) {
  const highest = Math.max(least, ...values, most ?? 0)
  const scale = scaleLinear().domain([0, highest])
  if (most === undefined || highest > most) scale.nice(count)
  // Nobody has half a pod or half a message.
  const whole = unit !== 'ms' && unit !== 'percent'
  return { scale, marks: scale.ticks(count).filter((value) => !whole || Number.isInteger(value)) }
}

function logarithmic(values: number[], { least }: Chart) {
  const positive = values.filter((value) => value > 0)
  const low = 10 ** Math.floor(Math.log10(Math.min(least, ...positive)))
  const high = 10 ** Math.ceil(Math.log10(Math.max(10 * low, ...positive)))
  const scale = scaleLog().domain([low, high])
  const marks = scale.ticks().filter((value) => Number.isInteger(Math.round(Math.log10(value) * 1e6) / 1e6))
  return { scale, marks }
}

function timeMarks({ fromMs, toMs }: Chart, most: number): number[] {
  const span = (toMs - fromMs) / 1000
  const step = TIME_STEPS.find((seconds) => span / seconds <= most) ?? TIME_STEPS.at(-1)!
  const first = Math.ceil(fromMs / 1000 / step)
  const last = Math.floor(toMs / 1000 / step)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, place) => (first + place) * step * 1000)
}

/** A tenth of a pixel is finer than anybody sees, and makes a third of the file. */
function tenth(value: number): number {
  return Math.round(value * 10) / 10
}
