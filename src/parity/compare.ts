/** Lays what was seen on each kind of cluster side by side, and judges it. Pure. */
import type { Behaviour, KindResult, Outcome, ParityReport, Row, Verdict } from './model.ts'

/** `known` maps names of behaviours, or their beginnings, to lines of DIFFERENCES.md. */
export function compare(
  results: KindResult[],
  absent: ParityReport['absent'],
  known: Map<string, string>,
  durationMs: number,
): ParityReport {
  const rows = rowsOf(results, known)
  const counts: ParityReport['counts'] = { same: 0, differs: 0, known: 0, failed: 0, unseen: 0 }
  for (const { verdict } of rows) counts[verdict]++
  return {
    apiVersion: 'devenv/v1',
    kind: 'Parity',
    verdict: counts.differs + counts.failed === 0 && counts.same > 0 ? 'passed' : 'failed',
    kinds: results.map(({ kind, kubernetes }) => ({ kind, kubernetes })),
    absent,
    rows,
    figures: figuresOf(results),
    counts,
    durationMs,
  }
}

/** In the order in which the first kind that ran them has them. */
function rowsOf(results: KindResult[], known: Map<string, string>): Row[] {
  const rows = new Map<string, { behaviour: Behaviour; outcomes: Record<string, Outcome> }>()
  for (const { kind, outcomes } of results) {
    for (const { behaviour, outcome } of outcomes) {
      const key = `${behaviour.group} ${behaviour.name}`
      const row = rows.get(key) ?? { behaviour, outcomes: {} }
      row.outcomes[kind] = outcome
      rows.set(key, row)
    }
  }
  return [...rows.values()].map(({ behaviour, outcomes }) => {
    const line = known.get(behaviour.name)
    const verdict = judge(Object.values(outcomes), results.length, line !== undefined)
    return { ...behaviour, verdict, outcomes, ...(verdict === 'known' && line ? { known: line } : {}) }
  })
}

function judge(outcomes: Outcome[], kinds: number, isKnown: boolean): Verdict {
  const statuses = new Set(outcomes.map(({ status }) => status))
  if (!statuses.has('failed')) {
    const passed = outcomes.filter(({ status }) => status === 'passed')
    return passed.length === kinds ? 'same' : 'unseen'
  }
  if (isKnown) return 'known'
  return statuses.has('passed') ? 'differs' : 'failed'
}

function figuresOf(results: KindResult[]): ParityReport['figures'] {
  const figures = new Map<string, ParityReport['figures'][number]>()
  for (const { kind, figures: own } of results) {
    for (const { title, unit, value } of own) {
      const figure = figures.get(title) ?? { title, unit, values: {} }
      figure.values[kind] = value
      figures.set(title, figure)
    }
  }
  return [...figures.values()]
}
