/** A chart as SVG, without script and without fonts of its own. Pure. */
import { area, curveLinear, curveStepAfter, line } from 'd3-shape'
import { escapeXml } from '../../lib/xml.ts'
import type { Chart, Line, Size } from './chart.ts'
import { type Scales, scalesOf } from './scales.ts'

/** One `<svg>` element; colours come from the classes of `chartStyle`. `suffix` keeps ids apart on one page. */
export function drawChart(chart: Chart, size: Size, suffix: string, extra = ''): string {
  const scales = scalesOf(chart, size)
  const { width, height } = size
  const [titleId, descriptionId] = ['t', 'd'].map((letter) => `${letter}-${chart.id}-${suffix}`)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="chart ${suffix}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${titleId} ${descriptionId}">`,
    `<title id="${titleId}">${escapeXml(chart.title)}</title>`,
    `<desc id="${descriptionId}">${escapeXml(chart.description)}</desc>`,
    extra,
    ...bands(chart, scales),
    ...axes(scales),
    ...chart.lines.flatMap((one) => curve(chart, one, scales)),
    '</svg>',
  ].join('')
}

/** A band this narrow has no room for its number. */
const LABEL_ROOM = 12

function bands(chart: Chart, { x, top, bottom }: Scales): string[] {
  return chart.bands.map(({ fromMs, toMs, label, title, failed }, place) => {
    const [from, to] = [x(fromMs), x(toMs)]
    const width = Math.max(0, Math.round((to - from) * 10) / 10)
    const kind = failed ? 'failed' : place % 2 === 0 ? 'even' : 'odd'
    const text =
      width < LABEL_ROOM
        ? ''
        : `<text class="band-label${failed ? ' failed' : ''}" x="${from + width / 2}" y="${top - 8}">${escapeXml(label)}</text>`
    return `<g><title>${escapeXml(title)}</title><rect class="band ${kind}" x="${from}" y="${top}" width="${width}" height="${bottom - top}"/>${text}</g>`
  })
}

function axes({ xMarks, yMarks, left, right, bottom }: Scales): string[] {
  return [
    ...yMarks.map(
      ({ at, label }) =>
        `<line class="grid" x1="${left}" x2="${right}" y1="${at}" y2="${at}"/><text class="tick y" x="${left - 6}" y="${at}">${escapeXml(label)}</text>`,
    ),
    `<line class="axis" x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}"/>`,
    ...xMarks.map(
      ({ at, label }) =>
        `<line class="axis" x1="${at}" x2="${at}" y1="${bottom}" y2="${bottom + 4}"/><text class="tick x" x="${at}" y="${bottom + 17}">${label}</text>`,
    ),
  ]
}

type Point = readonly [number, number | null]

function curve(chart: Chart, { points, color, dashed, filled }: Line, scales: Scales): string[] {
  const shape = chart.curve === 'step' ? curveStepAfter : curveLinear
  const defined = ([, value]: Point) => value !== null
  const x = ([ms]: Point) => scales.x(ms)
  const y = ([, value]: Point) => scales.y(value ?? 0)
  const path = line<Point>(x, y).defined(defined).curve(shape).digits(1)(points)
  const below = area<Point>(x, scales.bottom, y).defined(defined).curve(shape).digits(1)(points)
  return [
    ...(filled && below ? [`<path class="fill c${color}" d="${below}"/>`] : []),
    ...(path ? [`<path class="line c${color}${dashed ? ' dashed' : ''}" d="${path}"/>`] : []),
    ...points.flatMap((point, place) =>
      alone(points, place) ? [`<circle class="dot c${color}" cx="${x(point)}" cy="${y(point)}" r="2"/>`] : [],
    ),
  ]
}

/** A value between two gaps is no line, and would not be seen. */
function alone(points: readonly Point[], place: number): boolean {
  const value = (at: number) => points[at]?.[1] ?? null
  return value(place) !== null && value(place - 1) === null && value(place + 1) === null
}
