/** Whether an ExternalSecret has to be fetched again, and when to look next. */
import { Cron } from 'croner'
import { parseGoDuration } from '../../../../lib/go-duration.ts'
import type { KubeObject } from '../../../objects.ts'
import { DATA_HASH_ANNOTATION, MANAGED_LABEL } from '../resources.ts'
import type { ExternalSecret } from '../types.ts'
import { dataHash, resourceVersionKey } from './hashes.ts'
import { decodedData } from './secret-data.ts'

const DEFAULT_INTERVAL_MS = 3_600_000

/** Milliseconds; 0 or less = never again. */
export function refreshMs({ spec }: ExternalSecret): number {
  if (spec.refreshInterval === undefined) return DEFAULT_INTERVAL_MS
  return parseGoDuration(spec.refreshInterval) ?? DEFAULT_INTERVAL_MS
}

/** By the refresh policy alone; an invalid target is fetched for anyway. */
export function shouldRefresh(externalSecret: ExternalSecret, nowMs: number): boolean {
  const { spec, status } = externalSecret
  const changed = status?.syncedResourceVersion !== resourceVersionKey(externalSecret)
  const synced = Boolean(status?.syncedResourceVersion && status.refreshTime)
  if (spec.refreshPolicy === 'CreatedOnce') return !synced
  if (spec.refreshPolicy === 'OnChange') return !synced || changed
  const interval = refreshMs(externalSecret)
  // An interval of 0 freezes what was synced once, whatever the spec says later.
  if (interval <= 0 && status?.syncedResourceVersion) return false
  if (changed || !status?.refreshTime) return true
  const refreshed = Date.parse(status.refreshTime)
  if (refreshed > nowMs) return true
  return refreshed + interval < nowMs && windowOpen(spec.syncWindows, nowMs)
}

function windowOpen(windows: ExternalSecret['spec']['syncWindows'], nowMs: number): boolean {
  if (!windows?.windows?.length) return true
  const inside = windows.windows.some(({ schedule, duration }) => {
    const last = new Cron(schedule, { timezone: 'UTC' }).previousRuns(1, new Date(nowMs + 1000))[0]
    return last !== undefined && nowMs < last.getTime() + (parseGoDuration(duration) ?? 0)
  })
  return inside === (windows.kind === 'allow')
}

/** A target that is missing, unmarked or edited by hand is not valid. Orphan targets always are. */
export function isTargetValid({ spec }: ExternalSecret, target: KubeObject | undefined): boolean {
  if (spec.target?.creationPolicy === 'Orphan') return true
  if (!target) return false
  return (
    target.metadata.labels?.[MANAGED_LABEL] === 'true' &&
    target.metadata.annotations?.[DATA_HASH_ANNOTATION] === dataHash(decodedData(target))
  )
}
