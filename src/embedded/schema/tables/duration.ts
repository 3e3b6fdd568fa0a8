/** Ages as kubectl prints them (apimachinery pkg/util/duration HumanDuration). */

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const YEAR = 365 * DAY

/** `90s`, `5m30s`, `3h12m`, `6d4h`, `2y10d`: two units while the first one is small. */
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / 1000)
  if (seconds < -1) return '<invalid>'
  if (seconds < 0) return '0s'
  if (seconds < 2 * MINUTE) return `${seconds}s`
  if (seconds < 10 * MINUTE) return units(seconds, MINUTE, 'm', 1, 's')
  if (seconds < 3 * HOUR) return `${Math.trunc(seconds / MINUTE)}m`
  if (seconds < 8 * HOUR) return units(seconds, HOUR, 'h', MINUTE, 'm')
  if (seconds < 2 * DAY) return `${Math.trunc(seconds / HOUR)}h`
  if (seconds < 8 * DAY) return units(seconds, DAY, 'd', HOUR, 'h')
  if (seconds < 2 * YEAR) return `${Math.trunc(seconds / DAY)}d`
  if (seconds < 8 * YEAR) return units(seconds, YEAR, 'y', DAY, 'd')
  return `${Math.trunc(seconds / YEAR)}y`
}

function units(seconds: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.trunc((seconds % large) / small)
  return `${Math.trunc(seconds / large)}${largeName}${rest ? `${rest}${smallName}` : ''}`
}

/** Age of an RFC 3339 timestamp; `<unknown>` when there is none. */
export function age(timestamp: string | undefined | null, nowMs: number): string {
  return timestamp ? humanDuration(nowMs - Date.parse(timestamp)) : '<unknown>'
}
