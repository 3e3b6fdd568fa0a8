/** Whether a release went as a canary should: to the end, or back, without a user noticing. Pure. */
import { formatDuration } from '../../lib/duration.ts'
import type { QueueReport } from '../../load/report.ts'
import type { Check, Evidence, Measure } from '../report.ts'
import { duration, headline } from './scaling.ts'

export interface Promotion {
  tag: string
  /** Tags that answered while stable and canary ran side by side; undefined when that could not be asked. */
  answeredBy: readonly string[] | undefined
  previous: string
  /** Weights at which it paused and was promoted. */
  pausedAt: readonly number[]
  /** What runs at the end. */
  phase: string
  stableTag: string
  tookMs: number
}

export function assertPromotion(promotion: Promotion, traffic: QueueReport): Evidence {
  const { tag, previous, answeredBy, pausedAt, phase, stableTag, tookMs } = promotion
  return {
    checks: [
      {
        text: 'the canary pauses at its weights and is promoted',
        ok: pausedAt.length > 0,
        actual: pausedAt.map((weight) => `${weight} %`).join(', ') || 'no pause seen',
      },
      ...(answeredBy
        ? [
            {
              text: 'both versions answer meanwhile',
              ok: answeredBy.includes(tag) && answeredBy.includes(previous),
              actual: answeredBy.join(', '),
            },
          ]
        : []),
      {
        text: `${tag} is the stable version`,
        ok: phase === 'Healthy' && stableTag === tag,
        actual: `${stableTag}, ${phase}`,
      },
      noErrors(traffic),
    ],
    measures: [
      ...headline('canary', 'canary, commit to stable', tookMs),
      { ...errorRate('canary-errors', 'errors during the canary', traffic), headline: true },
      ...latency('canary-p95', 'requests during the canary, p95', traffic),
    ],
  }
}

export interface BadRelease {
  tag: string
  /** Fewest available pods of the stable version, of how many it has. */
  stableLeast: number
  stableWanted: number
  /** Ready pods of the bad version that were ever seen. */
  badReady: number
  /** Phase and message after the abort. */
  abortedAs: string
  /** From the abort to the moment when no pod of it was left. */
  goneMs: number
  /** What runs once the tag is put back. */
  phase: string
  stableTag: string
  previous: string
}

export function assertBadRelease(bad: BadRelease, traffic: QueueReport): Evidence {
  return {
    checks: [
      { text: `no pod of ${bad.tag} becomes ready`, ok: bad.badReady === 0, actual: `${bad.badReady} ready` },
      {
        text: 'the stable version never goes down',
        ok: bad.stableLeast >= bad.stableWanted,
        actual: `${bad.stableLeast} of ${bad.stableWanted} at the least`,
      },
      {
        text: 'the abort is told',
        ok: bad.abortedAs.startsWith('Degraded'),
        actual: `${bad.abortedAs}, gone after ${formatDuration(bad.goneMs)}`,
      },
      {
        text: `${bad.previous} is back by a commit`,
        ok: bad.phase === 'Healthy' && bad.stableTag === bad.previous,
        actual: `${bad.stableTag}, ${bad.phase}`,
      },
      noErrors(traffic),
    ],
    measures: [
      ...duration('abort', 'abort to no pod left', bad.goneMs),
      errorRate('bad-release-errors', 'errors during the bad release', traffic),
    ],
  }
}

/** Every request under way had an answer, and none an error. */
function noErrors(traffic: QueueReport): Check {
  const bad = traffic.errors + traffic.failed
  const outcomes = Object.entries(traffic.outcomes ?? {}).map(([outcome, count]) => `${count} × ${outcome}`)
  return {
    text: 'error rate 0',
    ok: bad === 0 && traffic.published > 0 && traffic.replied === traffic.published,
    actual: `${bad} of ${traffic.published} requests (${outcomes.join(', ') || 'no answer'})`,
  }
}

function errorRate(id: string, title: string, { errors, failed, published }: QueueReport): Measure {
  const value = published === 0 ? 0 : (100 * (errors + failed)) / published
  return { id, title, value: Math.round(value * 1000) / 1000, unit: 'percent', better: 'lower', exact: true }
}

function latency(id: string, title: string, { latencyMs }: QueueReport): Measure[] {
  return duration(id, title, latencyMs?.p95 ?? null)
}
