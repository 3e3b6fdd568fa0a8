/** How far usage may be off its target before an HPA acts. */
import { numericValue } from '../../../lib/quantity.ts'

export interface Tolerance {
  scaleUp: number
  scaleDown: number
}

const DEFAULT_TOLERANCE = 0.1

/** `spec.behavior.scaleUp/scaleDown.tolerance`, 10 % where unset. */
export function toleranceOf(behavior: any): Tolerance {
  const read = (rules: any): number =>
    rules?.tolerance === undefined ? DEFAULT_TOLERANCE : numericValue(rules.tolerance)
  return { scaleUp: read(behavior?.scaleUp), scaleDown: read(behavior?.scaleDown) }
}

export function withinTolerance({ scaleUp, scaleDown }: Tolerance, ratio: number): boolean {
  return 1 - scaleDown <= ratio && ratio <= 1 + scaleUp
}
