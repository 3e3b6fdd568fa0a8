/** Durations as people write them: `1500ms`, `90s`, `5m`, `2h`, `1h30m`. */
import { sumOfParts } from './duration-parts.ts'
import { DevenvError } from './errors.ts'

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Milliseconds; a bare number is seconds. USAGE when it is no duration. */
export function parseDuration(text: string, flag = 'duration'): number {
  const trimmed = text.trim()
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Math.round(Number(trimmed) * 1000)
  const total = trimmed === '' ? undefined : sumOfParts(trimmed, UNIT_MS)
  if (total === undefined) {
    throw new DevenvError('USAGE', `${flag}: "${text}" is no duration`, {
      fix: 'Write 1500ms, 90s, 5m or 2h.',
    })
  }
  return Math.round(total)
}

/** A short form for people: `850 ms`, `12.3 s`, `4 min 05 s`, `2 h 03 min`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`
  return `${Math.floor(seconds / 3600)} h ${String(Math.floor((seconds % 3600) / 60)).padStart(2, '0')} min`
}
