/** A chart on the page: legend, drawings for wide and narrow screens, and its figures as a table. Pure. */
import { escapeXml } from '../../lib/xml.ts'
import { type Chart, type Line, NARROW, WIDE } from '../charts/chart.ts'
import { drawChart } from '../charts/draw.ts'
import { clock, figure } from '../charts/format.ts'

/** So many rows that a screen reader, or a person, gets through. */
const MOST_ROWS = 40

export function chartFigure(chart: Chart): string {
  return `<figure id="${chart.id}">
<figcaption><h3>${escapeXml(chart.title)}</h3>${legend(chart.lines)}</figcaption>
${drawChart(chart, WIDE, 'wide')}
${drawChart(chart, NARROW, 'narrow')}
<details><summary>As a table</summary><div class="scroll">${table(chart)}</div></details>
</figure>`
}

function legend(lines: readonly Line[]): string {
  const items = lines.map(
    ({ label, color, dashed }) =>
      `<li><svg class="chart" viewBox="0 0 22 8" aria-hidden="true"><path class="line c${color}${dashed ? ' dashed' : ''}" d="M0,4H22"/></svg>${escapeXml(label)}</li>`,
  )
  return `<ul class="legend">${items.join('')}</ul>`
}

/** Every n-th sample, with the highest value of those between. */
function table({ title, unit, lines }: Chart): string {
  const times = lines[0]?.points.map(([ms]) => ms) ?? []
  const each = Math.max(1, Math.ceil(times.length / MOST_ROWS))
  const rows = Array.from({ length: Math.ceil(times.length / each) }, (_, row) => {
    const cells = lines.map(({ points }) => {
      const values = points
        .slice(row * each, (row + 1) * each)
        .flatMap(([, value]) => (value === null ? [] : [value]))
      return `<td class="number">${values.length === 0 ? '–' : figure(Math.max(...values), unit)}</td>`
    })
    return `<tr><th scope="row">${clock(times[row * each]!)}</th>${cells.join('')}</tr>`
  })
  const head = lines.map(({ label }) => `<th scope="col" class="number">${escapeXml(label)}</th>`)
  const note = each === 1 ? '' : `, highest of ${each} samples each`
  return `<table><caption class="faint">${escapeXml(title)}${note}</caption><thead><tr><th scope="col">time</th>${head.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`
}
