/** A comparison for people, and for a pull request. Pure. */
import { columns } from '../../load/columns.ts'
import { figure } from '../charts/format.ts'
import type { Comparison, Row, Verdict } from './compare.ts'

const ORDER: readonly Verdict[] = ['worse', 'better', 'unclear', 'no difference']

/** The worst first. */
export function sortedRows({ rows }: Comparison): Row[] {
  return rows.toSorted((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict))
}

export function comparisonText(comparison: Comparison): string {
  const { a, b, notes } = comparison
  const rows = sortedRows(comparison)
  // Most rows are judged in the same way: each reason is given once.
  const reasons = [...new Set(rows.map(({ how }) => how))]
  const table = columns([
    ['figure', 'A', 'B', 'verdict'],
    ...rows.map(({ title, unit, a: before, b: after, verdict, how }) => [
      title,
      figure(before, unit),
      figure(after, unit),
      `${verdict} [${reasons.indexOf(how) + 1}]`,
    ]),
  ])
  return [
    `A  ${a.name}: ${a.verdicts.join(', ')}`,
    `B  ${b.name}: ${b.verdicts.join(', ')}`,
    '',
    ...table,
    '',
    ...reasons.map((reason, place) => `[${place + 1}] ${reason}`),
    '',
    ...notes.map((note) => `note: ${note}`),
    conclusion(rows),
  ].join('\n')
}

export function comparisonMarkdown(comparison: Comparison): string {
  const { a, b, notes } = comparison
  const rows = sortedRows(comparison)
  const mark: Record<Verdict, string> = { worse: '🔺', better: '✅', unclear: '❔', 'no difference': '➖' }
  return [
    `### ${conclusion(rows)}`,
    '',
    `A: ${a.name} (${a.runs} run${a.runs === 1 ? '' : 's'}); B: ${b.name} (${b.runs})`,
    '',
    '| | figure | A | B | why |',
    '| --- | --- | ---: | ---: | --- |',
    ...rows.map(
      (row) =>
        `| ${mark[row.verdict]} ${row.verdict} | ${row.title} | ${figure(row.a, row.unit)} | ${figure(row.b, row.unit)} | ${row.how} |`,
    ),
    '',
    ...notes.map((note) => `- ${note}`),
    '',
  ].join('\n')
}

function conclusion(rows: readonly Row[]): string {
  const of = (verdict: Verdict) => rows.filter((row) => row.verdict === verdict).length
  if (rows.length === 0) return 'nothing that both have: no comparison'
  const changed = (['worse', 'better'] as const)
    .filter((one) => of(one) > 0)
    .map((one) => `${of(one)} ${one}`)
  const unclear = of('unclear') > 0 ? `, ${of('unclear')} unclear` : ''
  return `${changed.length > 0 ? changed.join(', ') : 'no difference beyond the noise'}${unclear}, of ${rows.length} figures`
}
