/** Ages as kubectl prints them: `45s`, `3m20s`, `5h`, `12d`. */

/** Time since an RFC 3339 timestamp; '' for none. */
export function ageOf(timestamp: string, nowMs: number): string {
  return timestamp === '' ? '' : shortDuration(nowMs - Date.parse(timestamp))
}

/** One unit, or two while the larger one is small. */
export function shortDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 120) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 10) return two(minutes, 'm', seconds % 60, 's')
  if (minutes < 180) return `${minutes}m`
  const hours = Math.floor(minutes / 60)
  if (hours < 8) return two(hours, 'h', minutes % 60, 'm')
  if (hours < 48) return `${hours}h`
  const days = Math.floor(hours / 24)
  return days < 8 ? two(days, 'd', hours % 24, 'h') : `${days}d`
}

function two(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`
}
