/** Which files a report has. Pure. */
import { bandsOf } from './bands.ts'
import { WIDE } from './charts/chart.ts'
import { chartsOf } from './charts/choose.ts'
import { drawChart } from './charts/draw.ts'
import { standaloneStyle } from './charts/style.ts'
import { reportPage } from './html/page.ts'
import { markdownSummary } from './markdown.ts'
import type { Report } from './model.ts'

/** Path below the report's folder → text. */
export function renderedFiles(report: Report): Record<string, string> {
  const charts = chartsOf(report.timeline, bandsOf(report.steps), report.durationMs)
  return {
    'index.html': reportPage(report),
    'summary.md': markdownSummary(report),
    ...Object.fromEntries(
      charts.map((chart) => [`charts/${chart.id}.svg`, drawChart(chart, WIDE, 'wide', standaloneStyle())]),
    ),
  }
}
