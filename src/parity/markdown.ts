/** The report for a pull request: what differs first, everything else folded away. Pure. */
import { formatDuration } from '../lib/duration.ts'
import type { Outcome, ParityReport, Row } from './model.ts'

const SIGNS = { passed: '✅', failed: '❌', skipped: '➖' }

export function parityMarkdown(report: ParityReport): string {
  const kinds = report.kinds.map(({ kind }) => kind)
  const telling = report.rows.filter(({ verdict }) => verdict !== 'same')
  const lines = [
    `## Parity: ${report.verdict}`,
    '',
    ...report.kinds.map(({ kind, kubernetes }) => `- ${kind}: Kubernetes ${kubernetes}`),
    ...report.absent.map(({ kind, reason }) => `- ${kind}: not looked at, ${reason}`),
    '',
    summaryOf(report),
    '',
    ...(telling.length > 0 ? [...table(telling, kinds), ''] : []),
    ...(report.figures.length > 0 ? [...figures(report, kinds), ''] : []),
    '<details><summary>Every behaviour</summary>',
    '',
    ...table(report.rows, kinds),
    '',
    '</details>',
  ]
  return `${lines.join('\n')}\n`
}

/** `58 the same, 1 differs, 2 known, 0 failed`. */
export function summaryOf(report: ParityReport): string {
  const { counts } = report
  const words = [
    `${counts.same} ${report.kinds.length > 1 ? 'the same' : 'passed'}`,
    `${counts.differs} ${counts.differs === 1 ? 'differs' : 'differ'}`,
    `${counts.known} known`,
    `${counts.failed} failed`,
    ...(counts.unseen > 0 ? [`${counts.unseen} not run on every kind`] : []),
  ]
  return words.join(', ')
}

function table(rows: Row[], kinds: string[]): string[] {
  return [
    `| behaviour | ${kinds.join(' | ')} | verdict |`,
    `| --- | ${kinds.map(() => '---').join(' | ')} | --- |`,
    ...rows.map(({ name, outcomes, verdict, known }) => {
      const cells = kinds.map((kind) => cell(outcomes[kind]))
      return `| ${escaped(name)} | ${cells.join(' | ')} | ${escaped(known ? `known: ${known}` : verdict === 'unseen' ? 'not run on every kind' : verdict)} |`
    }),
  ]
}

function cell(outcome: Outcome | undefined): string {
  if (!outcome) return ''
  const { status, ms, detail } = outcome
  const took = ms === undefined || status === 'skipped' ? '' : ` ${formatDuration(ms)}`
  const why = detail ? `<br>${escaped(detail.split('\n')[0] ?? '')}` : ''
  return `${SIGNS[status]}${took}${why}`
}

function figures({ figures: list }: ParityReport, kinds: string[]): string[] {
  return [
    `| figure | ${kinds.join(' | ')} |`,
    `| --- | ${kinds.map(() => '---:').join(' | ')} |`,
    ...list.map(
      ({ title, unit, values }) =>
        `| ${escaped(title)} | ${kinds.map((kind) => readable(values[kind], unit)).join(' | ')} |`,
    ),
  ]
}

/** A figure with its unit, as people read it. */
export function readable(value: number | undefined, unit: string): string {
  if (value === undefined) return ''
  return unit === 'ms' ? formatDuration(value) : `${value}${unit === 'percent' ? ' %' : ''}`
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ')
}
