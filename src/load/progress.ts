/** The load's progress off a terminal: one line a second, for people or as JSON. Pure. */
import { formatDuration } from '../lib/duration.ts'
import { troubleOf } from './live-view.ts'
import type { LoadView } from './run.ts'

/** `12.0 s | question 100/100 answered 40 (9.8/s) queued 55 busy 5 replicas 4/5 p95 9.1 s`. */
export function progressLine({ queues, atMs, note }: LoadView): string {
  const parts = queues.map(({ account, repliedPerS, recent }) => {
    const { queue, ledger, depth, unacked, replicas } = account
    const latency = recent ?? account.latency.report()
    return [
      `${queue.alias} ${ledger.published}/${ledger.size}`,
      `answered ${ledger.replied} (${repliedPerS.toFixed(1)}/s)`,
      `queued ${depth} busy ${unacked}`,
      `replicas ${replicas.now.ready}/${replicas.now.desired}`,
      `p95 ${latency ? formatDuration(latency.p95) : '-'}`,
    ].join(' ')
  })
  const all = [formatDuration(atMs).padStart(7), ...parts, ...queues.map(troubleOf), note]
  return all.filter((part) => part !== '').join(' | ')
}

/** The same as one object, for `--json`. */
export function progressObject({ queues, atMs, note }: LoadView): object {
  const entries = queues.map(({ account, publishedPerS, repliedPerS, errorsPerS, recent }) => {
    const { queue, ledger, errors, depth, unacked, replicas } = account
    const { published, confirmed, replied, duplicates, outstanding } = ledger
    const { desired, ready } = replicas.now
    const rates = { published: round(publishedPerS), replied: round(repliedPerS), errors: round(errorsPerS) }
    const figures = { published, confirmed, replied, outstanding, errors, duplicates, depth, unacked }
    return [queue.name, { ...figures, rates, latencyMs: recent, replicas: { desired, ready } }] as const
  })
  return {
    apiVersion: 'devenv/v1',
    kind: 'LoadProgress',
    atMs: Math.round(atMs),
    note,
    queues: Object.fromEntries(entries),
  }
}

function round(rate: number): number {
  return Math.round(rate * 100) / 100
}
