/** Figures on axes and in tables. Pure. */

/** Time from the start as a clock shows it: `0:07`, `12:30`, `1:02:03`. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  const tail = String(seconds % 60).padStart(2, '0')
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`
}

/** A value with its unit, short: `850 ms`, `2.5 s`, `50 %`, `248`. */
export function figure(value: number, unit: string): string {
  if (unit === 'ms') return value < 1000 ? `${round(value)} ms` : `${round(value / 1000)} s`
  if (unit === 'percent') return `${round(value)} %`
  return String(round(value))
}

/** Three significant digits are all that a reader takes in. */
function round(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3))
}
