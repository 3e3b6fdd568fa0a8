/** Names and times in the form in which people read them. Pure. */

/** @import { Snapshot } from '../snapshot.ts' */

/** Without the release in front. @param {string} name @param {Snapshot | undefined} snapshot */
export function short(name, snapshot) {
  const release = snapshot?.status.application?.name
  return release && name.startsWith(`${release}-`) ? name.slice(release.length + 1) : name
}

/** How long ago: `12 s`, `4 min`, `3 h`, `2 d`. @param {string | undefined} time @param {number} now */
export function age(time, now) {
  const seconds = Math.max(0, Math.round((now - Date.parse(time ?? '')) / 1000))
  if (Number.isNaN(seconds)) return ''
  if (seconds < 100) return `${seconds} s`
  if (seconds < 100 * 60) return `${Math.round(seconds / 60)} min`
  return seconds < 48 * 3600 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`
}

/** Milliseconds as `850 ms`, `1.2 s`. @param {number | undefined} ms */
export function time(ms) {
  if (ms === undefined) return '–'
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}
