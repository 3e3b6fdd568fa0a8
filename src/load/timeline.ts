/** The run second by second, as rows for a live display and for a CSV file. */
import type { QueueAccount } from './report.ts'

export interface TimelineRow {
  /** Milliseconds from the first publish. */
  atMs: number
  queue: string
  published: number
  confirmed: number
  replied: number
  errors: number
  /** Ready messages at the broker. */
  depth: number
  desired: number
  ready: number
  /** Milliseconds, over the whole run so far; null before the first answer. */
  p95: number | null
}

const COLUMNS = [
  'atMs',
  'queue',
  'published',
  'confirmed',
  'replied',
  'errors',
  'depth',
  'desired',
  'ready',
  'p95',
] as const

export function timelineRow(account: QueueAccount, atMs: number): TimelineRow {
  const { published, confirmed, replied } = account.ledger
  return {
    atMs: Math.max(0, Math.round(atMs)),
    queue: account.queue.name,
    published,
    confirmed,
    replied,
    errors: account.errors,
    depth: account.depth,
    desired: account.replicas.now.desired,
    ready: account.replicas.now.ready,
    p95: account.latency()?.p95 ?? null,
  }
}

/** RFC 4180 lines with a header; no value needs quoting. */
export function timelineCsv(rows: readonly TimelineRow[]): string {
  const lines = rows.map((row) => COLUMNS.map((column) => row[column] ?? '').join(','))
  return `${[COLUMNS.join(','), ...lines].join('\n')}\n`
}
