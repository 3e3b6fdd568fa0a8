/** The load's progress as text: a small table for a terminal, one line otherwise. Pure. */
import { formatDuration } from '../lib/duration.ts'
import type { QueueAccount } from './report.ts'

/** Lines of the live table: per queue published, confirmed, replied, depth, replicas, p95. */
export function liveTable(accounts: readonly QueueAccount[], atMs: number, note: string): string[] {
  const header = ['queue', 'published', 'confirmed', 'replied', 'queued', 'replicas', 'p95']
  const rows = accounts.map((account) => {
    const { queue, ledger, depth, replicas, errors } = account
    return [
      queue.name,
      `${ledger.published}/${ledger.size}`,
      String(ledger.confirmed),
      String(ledger.replied),
      String(depth),
      `${replicas.now.ready}/${replicas.now.desired}`,
      `${p95(account)}${errors > 0 ? `  ${errors} errors` : ''}`,
    ]
  })
  return [...columns([header, ...rows]), `${formatDuration(atMs)}  ${note}`.trimEnd()]
}

/** One line for logs: `12.0 s  job_description_task 100/100 replied 40 queued 55 replicas 4/5 p95 9.1 s`. */
export function progressLine(accounts: readonly QueueAccount[], atMs: number, note: string): string {
  const parts = accounts.map((account) => {
    const { queue, ledger, depth, replicas } = account
    return `${queue.alias} ${ledger.published}/${ledger.size} replied ${ledger.replied} queued ${depth} replicas ${replicas.now.ready}/${replicas.now.desired} p95 ${p95(account)}`
  })
  return [formatDuration(atMs).padStart(7), ...parts, note].filter((part) => part !== '').join(' | ')
}

function p95(account: QueueAccount): string {
  const latency = account.latency()
  return latency ? formatDuration(latency.p95) : '-'
}

/** The first column left, the others right, two blanks between. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_cell, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  )
}
