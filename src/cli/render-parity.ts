/** A parity report as a table, behaviour by behaviour. */
import { formatDuration } from '../lib/duration.ts'
import { readable, summaryOf } from '../parity/markdown.ts'
import type { Outcome, ParityReport, Row, Verdict } from '../parity/model.ts'
import type { Paint, Style } from './io.ts'

const MARKS = { passed: '✔', failed: '✖', skipped: '–' }
const STYLES: Record<Verdict, Style> = {
  same: 'green',
  differs: 'red',
  known: 'yellow',
  failed: 'red',
  unseen: 'dim',
}
const COLUMN = 14

export function renderParity(report: ParityReport, paint: Paint): string {
  const kinds = report.kinds.map(({ kind }) => kind)
  const width = Math.min(76, Math.max(...report.rows.map(({ name }) => name.length), 20))
  const line = (cells: string[], last: string) => `  ${cells.join('  ')}  ${last}`.trimEnd()
  const head = line(['behaviour'.padEnd(width), ...kinds.map((kind) => kind.padEnd(COLUMN))], 'verdict')
  return [
    paint('bold', head),
    ...report.rows.flatMap((row) => rowLines(row, kinds, width, paint)),
    ...(report.figures.length > 0 ? ['', paint('bold', 'Figures')] : []),
    ...report.figures.map(({ title, unit, values }) =>
      line([title.padEnd(width), ...kinds.map((kind) => readable(values[kind], unit).padEnd(COLUMN))], ''),
    ),
    '',
    ...report.absent.map(({ kind, reason }) => `${kind} was not looked at: ${reason}`),
    `${paint(report.verdict === 'passed' ? 'green' : 'red', `${report.verdict === 'passed' ? '✔' : '✖'} parity ${report.verdict}`)} (${formatDuration(report.durationMs)}): ${summaryOf(report)}${kinds.length < 2 ? `; on ${kinds.join()} alone` : ''}`,
  ].join('\n')
}

function rowLines(
  { name, outcomes, verdict, known }: Row,
  kinds: string[],
  width: number,
  paint: Paint,
): string[] {
  const cells = kinds.map((kind) => cell(outcomes[kind]).padEnd(COLUMN))
  const text = name.length > width ? `${name.slice(0, width - 1)}…` : name.padEnd(width)
  const why = Object.entries(outcomes).flatMap(([kind, { status, detail }]) =>
    status === 'failed' && detail ? [`      ${paint('dim', `${kind}: ${detail.split('\n')[0]}`)}`] : [],
  )
  return [
    `  ${text}  ${cells.join('  ')}  ${paint(STYLES[verdict], wordOf(verdict, kinds.length))}`,
    ...why,
    ...(known ? [`      ${paint('dim', `DIFFERENCES.md: ${known}`)}`] : []),
  ]
}

/** Alone, nothing is the same as something else. */
function wordOf(verdict: Verdict, kinds: number): string {
  if (verdict === 'unseen') return 'not on every kind'
  return verdict === 'same' && kinds < 2 ? 'passes' : verdict
}

function cell(outcome: Outcome | undefined): string {
  if (!outcome) return 'not run'
  const { status, ms } = outcome
  return ms === undefined || status === 'skipped' ? MARKS[status] : `${MARKS[status]} ${formatDuration(ms)}`
}
