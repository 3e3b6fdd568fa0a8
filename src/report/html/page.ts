/** The report as one HTML file: no script, no network, nothing to install. Pure. */
import { formatDuration } from '../../lib/duration.ts'
import { escapeXml } from '../../lib/xml.ts'
import { bandsOf } from '../bands.ts'
import { chartsOf } from '../charts/choose.ts'
import { figure as shortFigure } from '../charts/format.ts'
import type { Facts, Report } from '../model.ts'
import { eventsTable } from './events.ts'
import { chartFigure } from './figure.ts'
import { stepKey, stepList } from './steps.ts'
import { pageStyle } from './style.ts'

// Nothing may be loaded, so that a report from somebody else is harmless to open.
const POLICY = "default-src 'none'; style-src 'unsafe-inline'"

export function reportPage(report: Report): string {
  const { title, subtitle, verdict, startedAt, durationMs, steps, measures, facts, timeline } = report
  const charts = chartsOf(timeline, bandsOf(steps), durationMs)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${escapeXml(`${title}: ${verdict}`)}</title>
<style>${pageStyle}</style>
</head>
<body>
<header>
<h1>${escapeXml(title)}</h1>
<p><span class="badge ${verdict}">${verdict}</span> ${escapeXml(subtitle)}</p>
<p class="faint"><time datetime="${startedAt}">${readable(startedAt)}</time>, ${formatDuration(durationMs)}</p>
${tiles(measures)}
</header>
<main>
${charts.length === 0 ? '' : `<h2>Over time</h2>\n${steps.length === 0 ? '' : `<p class="faint">The numbers above each chart are the steps:</p>\n${stepKey(steps)}\n`}${charts.map(chartFigure).join('\n')}`}
${steps.length === 0 ? '' : `<h2>What was shown</h2>\n${stepList(steps)}`}
${measuresTable(measures)}
${eventsTable(timeline.events)}
<h2>Where it ran</h2>
<div class="facts">${facts.map(factsTable).join('')}</div>
</main>
<footer>Made by devenv. report.json and timeline.json beside this file hold the figures; <code>devenv report compare A B</code> tells two runs apart.</footer>
</body>
</html>
`
}

function tiles(measures: Report['measures']): string {
  const shown = measures.some(({ headline }) => headline)
    ? measures.filter(({ headline }) => headline)
    : measures
  if (shown.length === 0) return ''
  const items = shown.map(
    ({ title, value, unit }) => `<li><b>${shortFigure(value, unit)}</b><span>${escapeXml(title)}</span></li>`,
  )
  return `<ul class="tiles" aria-label="Figures">${items.join('')}</ul>`
}

function measuresTable(measures: Report['measures']): string {
  if (measures.length === 0) return ''
  const rows = measures.map(
    ({ title, value, unit }) =>
      `<tr><th scope="row">${escapeXml(title)}</th><td class="number">${shortFigure(value, unit)}</td></tr>`,
  )
  return `<h2>All figures</h2>\n<details><summary>${measures.length} figures</summary><table class="measures">${rows.join('')}</table></details>`
}

function factsTable({ title, rows }: Facts): string {
  const cells = rows.map(
    ([name, value]) => `<tr><th scope="row">${escapeXml(name)}</th><td>${escapeXml(value)}</td></tr>`,
  )
  return `<section><h3>${escapeXml(title)}</h3><table>${cells.join('')}</table></section>`
}

/** The same wherever it is opened: a report is passed on. */
function readable(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 19)} UTC`
}
