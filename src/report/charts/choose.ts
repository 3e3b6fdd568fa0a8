/** Which charts a timeline has, and what they say in words. Pure. */
import type { Series, Timeline } from '../../load/timeline.ts'
import type { Band, Chart, Line } from './chart.ts'
import { clock, figure } from './format.ts'

/** Charts with something to see, in the order of the page. */
export function chartsOf(timeline: Timeline, bands: readonly Band[], durationMs: number): Chart[] {
  const frame = { bands, fromMs: 0, toMs: Math.max(durationMs, timeline.atMs.at(-1) ?? 0) }
  return [depth(timeline), replicas(timeline), latency(timeline), canary(timeline)]
    .filter((chart) => chart.lines.length > 0)
    .map((chart) => ({ ...chart, ...frame, description: `${chart.description} ${stepsIn(bands)}`.trim() }))
}

type Draft = Omit<Chart, 'bands' | 'fromMs' | 'toMs'>

function depth(timeline: Timeline): Draft {
  const lines = linesOf(timeline, [
    { measure: 'depth', word: 'waiting', filled: true },
    { measure: 'unacked', word: 'in work', dashed: true },
  ])
  return {
    id: 'depth',
    title: 'Messages in the queues',
    unit: 'messages',
    description: highest(lines, 'messages'),
    curve: 'line',
    scale: 'linear',
    least: 4,
    lines,
  }
}

function replicas(timeline: Timeline): Draft {
  const lines = linesOf(timeline, [
    { measure: 'replicas.ready', word: 'ready', filled: true },
    { measure: 'replicas.desired', word: 'asked for', dashed: true },
  ])
  return {
    id: 'replicas',
    title: 'Replicas',
    unit: 'pods',
    description: highest(lines, 'pods'),
    curve: 'step',
    scale: 'linear',
    least: 2,
    lines,
  }
}

function latency(timeline: Timeline): Draft {
  const lines = linesOf(timeline, [
    { measure: 'latency.p95', word: 'p95' },
    { measure: 'latency.p50', word: 'p50', dashed: true },
  ])
  return {
    id: 'latency',
    title: 'Latency, from due to answered',
    unit: 'ms',
    description: `${highest(lines, 'ms')} The scale is logarithmic.`,
    curve: 'line',
    scale: 'log',
    least: 100,
    lines,
  }
}

function canary(timeline: Timeline): Draft {
  const lines = linesOf(timeline, [
    { measure: 'weight.asked', word: 'weight asked for', filled: true },
    { measure: 'weight.actual', word: 'weight of its pods', dashed: true },
  ])
  return {
    id: 'canary',
    title: 'Weight of the canary',
    unit: 'percent',
    description: highest(lines, 'percent'),
    curve: 'step',
    scale: 'linear',
    least: 100,
    most: 100,
    lines,
  }
}

interface Drawn {
  measure: string
  word: string
  dashed?: boolean
  filled?: boolean
}

/** Lines of every subject that had anything but zeros; a subject keeps its colour in all charts. */
function linesOf(timeline: Timeline, measures: readonly Drawn[]): Line[] {
  const subjects = [...new Set(timeline.series.map(({ subject }) => subject))]
  const active = subjects.filter((subject) => isActive(timeline, subject))
  return active.flatMap((subject) => {
    const found = measures.flatMap(({ measure, word, dashed = false, filled = false }) => {
      const series = timeline.series.find((one) => one.subject === subject && one.measure === measure)
      if (!series?.values.some((value) => value !== null)) return []
      const color = active.indexOf(subject) % 5
      const points = series.values.map((value, place) => [timeline.atMs[place]!, value] as const)
      return [{ label: `${shortName(subject)}: ${word}`, color, dashed, filled, points }]
    })
    return found.some(({ points }) => points.some(([, value]) => value)) ? found : []
  })
}

function isActive({ series }: Timeline, subject: string): boolean {
  return series.some((one: Series) => one.subject === subject && one.values.some((value) => value))
}

const SHORT: Record<string, string> = {
  job_description_task: 'job-descr',
  question_generation_task: 'question',
  resume_evaluation_task: 'resume',
}

export function shortName(subject: string): string {
  return SHORT[subject] ?? subject
}

/** `question: waiting peaks at 248 messages, at 0:07.` */
function highest(lines: readonly Line[], unit: string): string {
  return lines
    .map(({ label, points }) => {
      let best: readonly [number, number | null] = [0, null]
      for (const point of points)
        if (point[1] !== null && (best[1] === null || point[1] > best[1])) best = point
      const value = figure(best[1] ?? 0, unit)
      const words = unit === 'messages' || unit === 'pods' ? `${value} ${unit}` : value
      return `${label}: at most ${words}, at ${clock(best[0])}.`
    })
    .join(' ')
}

function stepsIn(bands: readonly Band[]): string {
  if (bands.length === 0) return ''
  const names = bands.map(({ title, fromMs, toMs }) => `${title} ${clock(fromMs)} to ${clock(toMs)}`)
  return `Steps: ${names.join('; ')}.`
}
