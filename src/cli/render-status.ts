/** The status as one screen of text. Pure. */
import { formatDuration } from '../lib/duration.ts'
import type { Phase, Status, WorkloadState } from '../status/status.ts'
import type { Paint, Style } from './io.ts'

const PHASE_STYLE: Record<Phase, Style> = {
  Ready: 'green',
  Starting: 'yellow',
  Degraded: 'red',
  Stopped: 'yellow',
  Absent: 'dim',
}
const STATE_STYLE: Record<WorkloadState, Style> = { ok: 'green', progressing: 'yellow', failing: 'red' }

/** Less is of no account. */
const CLOCK_TOLD_MS = 5_000

/** Lines without their ends. `now` in milliseconds since the epoch, for ages. */
export function renderStatus(status: Status, paint: Paint, now: number): string[] {
  const { cluster, phase, message } = status
  const lines = [
    `${paint('bold', status.name)}  ${paint(PHASE_STYLE[phase], phase)}${message ? `  ${message}` : ''}`,
  ]
  if (!cluster) return lines
  const profile = status.profile ? `, profile ${status.profile}` : ''
  lines.push(
    `${cluster.kind} Kubernetes ${cluster.kubernetes}${profile}: ${cluster.reason}`,
    paint('dim', `kubeconfig ${cluster.kubeconfig}`),
  )
  if (status.expiresAt)
    lines.push(
      `removes itself in ${formatDuration(Math.max(0, Date.parse(status.expiresAt) - now))} (up --ttl)`,
    )
  const aheadMs = status.clock?.aheadMs ?? 0
  if (Math.abs(aheadMs) >= CLOCK_TOLD_MS) {
    const by = `${formatDuration(Math.abs(aheadMs))} ${aheadMs > 0 ? 'ahead of' : 'behind'}`
    lines.push(paint('yellow', `its clock is ${by} this machine's, as that of a virtual machine that slept`))
  }
  return [
    ...lines,
    ...section(paint, 'Components', componentRows(status)),
    ...section(paint, 'Workloads', workloadRows(status)),
    ...section(paint, 'Queues', queueRows(status)),
    ...section(paint, 'Argo CD', applicationRows(status)),
    ...section(paint, 'Canary', canaryRows(status)),
    ...section(paint, 'Secrets', secretRows(status, now + aheadMs)),
    ...section(paint, 'Open', openRows(status)),
  ]
}

/** A cell: its text, how wide it is for alignment, how it is painted. */
interface Cell {
  text: string
  style?: Style
}

function section(paint: Paint, title: string, rows: Cell[][]): string[] {
  if (rows.length === 0) return []
  const count = Math.max(...rows.map((row) => row.length))
  const widths = Array.from({ length: count }, (_, column) =>
    // The last column runs free: it is a sentence.
    column === count - 1 ? 0 : Math.max(...rows.map((row) => row[column]?.text.length ?? 0)),
  )
  const line = (row: Cell[]) =>
    row
      .map(({ text, style }, column) => {
        const padded = text.padEnd(widths[column] ?? 0)
        return style ? paint(style, padded) : padded
      })
      .join('  ')
      .trimEnd()
  return [paint('bold', title), ...rows.map((row) => `  ${line(row)}`)]
}

function mark(ready: boolean): Cell {
  return ready ? { text: '●', style: 'green' } : { text: '✗', style: 'red' }
}

function componentRows({ components }: Status): Cell[][] {
  return components.map(({ name, version, implementation, ready, message, endpoint }) => [
    mark(ready),
    { text: name },
    { text: version, style: 'dim' },
    { text: implementation, style: 'dim' },
    ready ? { text: endpoint ?? '' } : { text: message, style: 'red' },
  ])
}

function workloadRows({ workloads }: Status): Cell[][] {
  return workloads.map(({ kind, name, desired, ready, why, state }) => [
    { text: `${ready}/${desired}`, style: STATE_STYLE[state] },
    { text: name },
    { text: kind, style: 'dim' },
    state === 'ok' ? { text: why } : { text: why, style: STATE_STYLE[state] },
  ])
}

function queueRows({ queues }: Status): Cell[][] {
  return queues.map(({ name, ready, unacked, consumers }) => [
    { text: name },
    { text: `${ready} ready`, ...(ready > 0 ? { style: 'yellow' as const } : {}) },
    { text: `${unacked} unacked` },
    { text: `${consumers} consumers` },
  ])
}

/** Repairs of the same drift in a row, from which on somebody else surely writes the object too. */
const FIGHT = 3

function applicationRows({ application }: Status): Cell[][] {
  if (!application) return []
  const { name, sync, health, revision, message, failing, healing } = application
  const well = sync === 'Synced' && health === 'Healthy'
  const fight =
    healing >= FIGHT
      ? `self-heal put it back ${healing} times: something else writes it (npm run why -- app/${name})`
      : ''
  const text = [message, fight].filter((part) => part !== '').join('; ')
  return [
    [
      { text: name },
      { text: `${sync} ${revision.slice(0, 7)}`, style: failing ? 'red' : well ? 'green' : 'yellow' },
      { text: health },
      failing ? { text, style: 'red' } : { text },
    ],
  ]
}

function canaryRows({ canaries }: Status): Cell[][] {
  return canaries.map(({ name, phase, step, steps, weight, message }) => [
    { text: name },
    { text: phase, style: phase === 'Healthy' ? 'green' : phase === 'Degraded' ? 'red' : 'yellow' },
    { text: `step ${step}/${steps}` },
    { text: `weight ${weight}%` },
    { text: message },
  ])
}

/** One line when all is well: five secrets would push the rest off the screen. */
function secretRows({ secrets }: Status, now: number): Cell[][] {
  if (secrets.length === 0) return []
  const broken = secrets.filter(({ ready }) => !ready)
  const ages = secrets.flatMap(({ refreshedAt }) => (refreshedAt ? [now - Date.parse(refreshedAt)] : []))
  const age = ages.length > 0 ? `, oldest read ${formatDuration(Math.max(0, ...ages))} ago` : ''
  const summary: Cell = {
    text: `${secrets.length - broken.length} of ${secrets.length} synced from Vault${age}`,
  }
  return [
    [summary],
    ...broken.map(({ name, message }) => [{ text: `${name}: ${message}`, style: 'red' as const }]),
  ]
}

function openRows({ endpoints, frontDoors }: Status): Cell[][] {
  const wrong = new Map(frontDoors.filter(({ ok }) => !ok).map((door) => [door.name, door.message]))
  const shown = [
    ['core-api', endpoints.coreApi],
    ['frontend', endpoints.frontend],
    ['RabbitMQ UI', endpoints.rabbitmqManagement],
    ['dashboard', endpoints.dashboard],
    ['Argo CD', endpoints.argocd],
    ['ingress', endpoints.ingress],
  ] as const
  return shown.flatMap(([name, address]): Cell[][] => {
    if (!address) return []
    const why = wrong.get(name)
    if (why === undefined) return [[{ text: name }, { text: address }]]
    return [[{ text: name }, { text: `${address}  ${why}`, style: 'red' }]]
  })
}
