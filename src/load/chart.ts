/** Small charts of block characters, for the live view. Pure. */

const BLOCKS = ' ▁▂▃▄▅▆▇█'

/** The highest column stays so many eighths of a row below the top: charts that follow one another stay apart. */
const MARGIN = 2

/**
 * Rows of columns, the top row first; `max` reaches the top but for a margin. The whole run is always in view: longer ones are
 * fitted into `width`. A value above zero shows, however small; unknown values leave a gap.
 */
export function columnChart(
  values: readonly (number | null)[],
  width: number,
  height: number,
  max: number,
): string[] {
  const levels = fitted(values, width).map((value) => levelOf(value ?? 0, height * 8 - MARGIN, max))
  return Array.from({ length: height }, (_, row) => {
    const floor = 8 * (height - 1 - row)
    return levels
      .map((level) => BLOCKS[Math.min(8, Math.max(0, level - floor))])
      .join('')
      .trimEnd()
  })
}

function levelOf(value: number, levels: number, max: number): number {
  if (value <= 0 || max <= 0) return 0
  return Math.min(levels, Math.max(1, Math.round((value / max) * levels)))
}

/** At most `width` values, each the largest of its stretch: peaks stay. */
function fitted(values: readonly (number | null)[], width: number): readonly (number | null)[] {
  if (values.length <= width) return values
  return Array.from({ length: width }, (_, place) => {
    const from = Math.floor((place * values.length) / width)
    const to = Math.max(from + 1, Math.floor(((place + 1) * values.length) / width))
    const known = values.slice(from, to).filter((value) => value !== null)
    return known.length === 0 ? null : Math.max(...known)
  })
}
