/** The sync windows of a project: when its Applications may sync, by themselves and by hand. */
import { Cron } from 'croner'
import { messageOf } from '../../../lib/errors.ts'
import { parseGoDuration } from '../../../lib/go-duration.ts'
import { loose } from './glob.ts'
import type { Application, SyncWindow } from './types.ts'

export interface WindowRequest {
  app: Pick<Application, 'metadata' | 'spec'>
  windows: SyncWindow[] | undefined
  /** Somebody asked for the sync. */
  manual: boolean
  /** Milliseconds since the epoch. */
  nowMs: number
  /** Start of the operation that is under way, in ms: `syncOverrun` lets it end outside its window. */
  startedAtMs?: number
}

/** Undefined when a sync is permitted; else why not: '' for a window, a text for one that cannot be read. */
export function windowRefusal({ app, windows = [], manual, nowMs, startedAtMs }: WindowRequest) {
  const own = windows.filter((window) => concerns(window, app))
  try {
    if (isOpen(own, manual, nowMs)) return undefined
    const overruns = startedAtMs !== undefined && mayOverrun(own, nowMs) && isOpen(own, manual, startedAtMs)
    return overruns ? undefined : ''
  } catch (thrown) {
    return `invalid sync windows: ${messageOf(thrown)}`
  }
}

/** An active deny decides, then an active allow; where there are allows and none is active, nothing goes. */
function isOpen(own: SyncWindow[], manual: boolean, atMs: number): boolean {
  const { denies, allows, closed } = sortOut(own, atMs)
  if (denies.length > 0) return manual && denies.every(({ manualSync }) => manualSync)
  if (allows.length > 0 || closed.length === 0) return true
  return manual && closed.every(({ manualSync }) => manualSync)
}

function mayOverrun(own: SyncWindow[], atMs: number): boolean {
  const { denies, closed } = sortOut(own, atMs)
  return (denies.length > 0 ? denies : closed).every(({ syncOverrun }) => syncOverrun)
}

function sortOut(own: SyncWindow[], atMs: number) {
  const active = own.filter((window) => isActive(window, atMs))
  return {
    denies: active.filter(({ kind }) => kind === 'deny'),
    allows: active.filter(({ kind }) => kind === 'allow'),
    closed: own.filter((window) => window.kind === 'allow' && !active.includes(window)),
  }
}

/** Throws for a schedule or duration that cannot be read. */
function isActive({ schedule = '', duration = '', timeZone }: SyncWindow, atMs: number): boolean {
  const lengthMs = parseGoDuration(duration)
  if (lengthMs === undefined) throw new Error(`cannot parse duration '${duration}'`)
  const began = cron(schedule, timeZone).nextRun(new Date(atMs - lengthMs))
  return began !== null && began.getTime() < atMs
}

function cron(schedule: string, timezone: string | undefined): Cron {
  try {
    return new Cron(schedule, { timezone: isTimeZone(timezone) ? timezone : 'UTC', mode: '5-part' })
  } catch (thrown) {
    throw new Error(`cannot parse schedule '${schedule}': ${messageOf(thrown)}`)
  }
}

/** An unknown time zone counts as UTC. */
function isTimeZone(name: string | undefined): name is string {
  try {
    return name !== undefined && new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined
  } catch {
    return false
  }
}

/** One of the lists fits, or with `andOperator` each that is there. */
function concerns(window: SyncWindow, { metadata, spec }: WindowRequest['app']): boolean {
  const { namespace = '', server, name } = spec.destination
  const lists: [string[] | undefined, (string | undefined)[]][] = [
    [window.applications, [metadata.name]],
    [window.clusters, [name, server]],
    [window.namespaces, [namespace]],
  ]
  const fits = lists
    .filter(([patterns]) => patterns?.length)
    .map(([patterns = [], texts]) =>
      texts.some((text) => text && patterns.some((pattern) => loose(text, pattern))),
    )
  return window.andOperator ? fits.length > 0 && fits.every(Boolean) : fits.some(Boolean)
}
