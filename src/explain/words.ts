/** Small helpers for sentences. */
import { formatDuration } from '../lib/duration.ts'

/** `1 pod`, `3 pods`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}

/** A time span in whole units, for intervals people have written: `5 s`, `2 min`, `1 h`. */
export function span(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds * 10) / 10} s`
  if (seconds < 7200 && seconds % 60 === 0) return `${seconds / 60} min`
  if (seconds % 3600 === 0) return `${seconds / 3600} h`
  return formatDuration(seconds * 1000)
}

/** How long ago a timestamp was: `12 s ago`, `3 min 05 s ago`; `at an unknown time` when it is none. */
export function ago(timestamp: string | undefined, now: number): string {
  const at = Date.parse(timestamp ?? '')
  return Number.isNaN(at) ? 'at an unknown time' : `${age(now - at)} ago`
}

/** Milliseconds as people say them, without tenths: timestamps have whole seconds. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  return formatDuration(seconds * 1000).replace(/ 00 (s|min)$/, '')
}

/** Whole seconds from now until then, rounded up, never negative. */
export function secondsUntil(atMs: number, now: number): number {
  return Math.max(0, Math.ceil((atMs - now) / 1000))
}

/** At most three decimals, none that say nothing. */
export function figure(number: number): string {
  return String(Math.round(number * 1000) / 1000)
}

/** A text that others wrote, as a clause of a sentence of ours: one line, no full stop at its end. */
export function clause(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '')
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
