/** The live view on a terminal: a table of the queues, and their depth and replicas over time. Pure. */
import { formatDuration } from '../lib/duration.ts'
import { columnChart } from './chart.ts'
import { columns } from './columns.ts'
import type { LoadView } from './run.ts'
import type { QueueSample } from './sampler.ts'
import type { Measure } from './timeline.ts'

export interface Screen {
  columns: number
  rows: number
  paint: (style: 'bold' | 'dim' | 'cyan' | 'green' | 'yellow', text: string) => string
}

const HEADER = [
  'queue',
  'sent',
  'answered',
  'queued',
  'busy',
  'out/s',
  'in/s',
  'replicas',
  'p50',
  'p95',
  'p99',
]
/** In the order in which they go. */
const DISPENSABLE = ['p99', 'out/s', 'busy', 'p50', 'in/s']
const TALLEST_CHART = 4

/** Lines that fit the screen; charts are as tall as it allows, or left out. */
export function liveView(view: LoadView, screen: Screen): string[] {
  const [header, ...rows] = fitting([HEADER, ...view.queues.map(tableRow)], screen.columns)
  const table = [screen.paint('bold', header!), ...rows]
  const trouble = view.queues.map(troubleOf).filter((line) => line !== '')
  const footer = `${formatDuration(view.atMs)}  ${screen.paint('yellow', view.note)}`.trimEnd()
  const left = screen.rows - 1 - table.length - trouble.length - 3
  return [
    ...table,
    ...trouble.map((line) => screen.paint('yellow', line)),
    '',
    ...charts(view, screen, left),
    footer,
  ]
}

/** The table, without its less important columns where the terminal is narrow. */
function fitting(rows: string[][], width: number): string[] {
  let kept = rows
  for (const name of DISPENSABLE) {
    const lines = columns(kept)
    if (lines.every((line) => line.length <= width)) return lines
    const place = kept[0]!.indexOf(name)
    kept = kept.map((row) => row.toSpliced(place, 1))
  }
  return columns(kept)
}

/** Latencies are of the answers of the last second; of the whole run when there were none. */
function tableRow(sample: QueueSample): string[] {
  const { account, recent, publishedPerS, repliedPerS } = sample
  const { queue, ledger, depth, unacked, replicas } = account
  const latency = recent ?? account.latency.report()
  const duration = (ms: number | undefined) => (ms === undefined ? '-' : formatDuration(ms))
  return [
    queue.alias,
    `${ledger.published}/${ledger.size}`,
    String(ledger.replied),
    String(depth),
    String(unacked),
    perSecond(publishedPerS),
    perSecond(repliedPerS),
    `${replicas.now.ready}/${replicas.now.desired}`,
    duration(latency?.p50),
    duration(latency?.p95),
    duration(latency?.p99),
  ]
}

/** What should not happen, only when it does. */
export function troubleOf({ account }: QueueSample): string {
  const { queue, ledger, errors, outcomes } = account
  const bad = [...outcomes].filter(([outcome]) => !/^2\d\d$/.test(outcome))
  const counts: [number, string][] = [
    [errors, 'answers with an error'],
    [ledger.returned, 'returned as unroutable'],
    [ledger.failed, 'failed'],
    [ledger.duplicates, 'answered twice'],
    [ledger.republished, 'sent again after a reconnect'],
    ...bad.map(([outcome, count]) => [count, `× ${outcome}`] as [number, string]),
  ]
  const text = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`)
  return text.length === 0 ? '' : `${queue.alias}: ${text.join(', ')}`
}

function charts(view: LoadView, screen: Screen, rows: number): string[] {
  const height = Math.min(TALLEST_CHART, Math.floor(rows / (2 * view.queues.length)))
  if (height < 1) return []
  const lines = view.queues.flatMap(({ account: { queue } }) => [
    ...labelled(view, queue, 'depth', 'queued', 'cyan', height, screen),
    ...labelled(view, queue, 'replicas.ready', 'ready', 'green', height, screen),
  ])
  return [...lines, '']
}

const LABEL_WIDTH = 27

function labelled(
  view: LoadView,
  queue: { name: string; alias: string },
  measure: Measure,
  word: string,
  style: 'cyan' | 'green',
  height: number,
  screen: Screen,
): string[] {
  const values = view.recorder.values(queue.name, measure)
  const max = values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0)
  const width = Math.max(10, screen.columns - LABEL_WIDTH - 1)
  const label = `${queue.alias.padEnd(10)}${word.padEnd(7)}max ${max}`.padEnd(LABEL_WIDTH)
  return columnChart(values, width, height, max).map((line, row) => {
    const before = row === height - 1 ? screen.paint('dim', label) : ' '.repeat(LABEL_WIDTH)
    return `${before}${screen.paint(style, line)}`.trimEnd()
  })
}

function perSecond(rate: number): string {
  return rate < 100 ? rate.toFixed(1) : String(Math.round(rate))
}
