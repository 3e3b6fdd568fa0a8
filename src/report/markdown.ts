/** The report in a pull request's words. Pure. */
import { formatDuration } from '../lib/duration.ts'
import { figure } from './charts/format.ts'
import type { Report } from './model.ts'

const MARKS = { passed: '✅', failed: '❌', skipped: '➖', interrupted: '⚠️' }

export function markdownSummary(report: Report): string {
  const { title, verdict, subtitle, durationMs, steps, measures, facts, startedAt } = report
  const lines = [
    `### ${MARKS[verdict]} ${title}: ${verdict}`,
    '',
    `${subtitle}, in ${formatDuration(durationMs)}.`,
  ]
  if (steps.length > 0) {
    lines.push('', '| | step | seen |', '| --- | --- | --- |')
    for (const { status, title: name, checks, reason } of steps) {
      const failed = checks.filter(({ ok }) => !ok)
      const shown = (failed.length > 0 ? failed : checks).map(({ text, actual }) => `${text}: **${actual}**`)
      lines.push(
        `| ${MARKS[status]} | ${cell(name)} | ${[...(reason ? [reason] : []), ...shown].map(cell).join('<br>')} |`,
      )
    }
  }
  if (measures.length > 0) {
    lines.push('', '| figure | value |', '| --- | ---: |')
    for (const { title: name, value, unit } of measures)
      lines.push(`| ${cell(name)} | ${figure(value, unit)} |`)
  }
  lines.push('', '<details><summary>Where it ran</summary>', '')
  for (const { title: name, rows } of facts) {
    lines.push(
      `| ${name} | |`,
      '| --- | --- |',
      ...rows.map(([key, value]) => `| ${cell(key)} | ${cell(value)} |`),
      '',
    )
  }
  lines.push(`${startedAt}`, '', '</details>', '')
  return lines.join('\n')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('<', '&lt;')
}
