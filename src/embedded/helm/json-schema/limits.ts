/** The keywords of numbers and of text. */
import { compileRegex } from '../funcs/regex.ts'
import { countText, numberText, quoted } from './failure.ts'
import type { Place } from './place.ts'

type Fits = (value: number, limit: number) => boolean

const BOUNDS: Record<string, Fits> = {
  minimum: (value, limit) => value >= limit,
  maximum: (value, limit) => value <= limit,
  exclusiveMinimum: (value, limit) => value > limit,
  exclusiveMaximum: (value, limit) => value < limit,
  multipleOf: isMultiple,
}

export function checkNumber(place: Place, value: number): void {
  for (const [keyword, fits] of Object.entries(BOUNDS)) {
    const limit = place.schema[keyword]
    if (typeof limit !== 'number' || fits(value, limit)) continue
    place.fail(`${keyword}: got ${numberText(value)}, want ${numberText(limit)}`)
  }
}

/** By decimals, as the numbers are written: 0.3 is a multiple of 0.1. */
function isMultiple(value: number, factor: number): boolean {
  const decimals = Math.max(decimalsOf(value), decimalsOf(factor))
  const scaled = (number: number) => Math.round(number * 10 ** decimals)
  return scaled(value) % scaled(factor) === 0
}

function decimalsOf(value: number): number {
  const [mantissa = '', power = '0'] = value.toExponential().split('e')
  return Math.max(0, (mantissa.split('.')[1]?.length ?? 0) - Number(power))
}

export function checkString(place: Place, text: string): void {
  const { schema } = place
  checkCount(place, 'Length', [...text].length)
  if (typeof schema.pattern === 'string' && !compileRegex(schema.pattern).matcher(text).find())
    place.fail(`${quoted(text)} does not match pattern ${quoted(schema.pattern)}`)
}

/** minItems, maxLength and their like. */
export function checkCount(place: Place, what: 'Length' | 'Items' | 'Properties', count: number): void {
  for (const [keyword, fits] of [
    [`min${what}`, (limit: number) => count >= limit],
    [`max${what}`, (limit: number) => count <= limit],
  ] as const) {
    const limit = place.schema[keyword]
    if (typeof limit === 'number' && !fits(limit))
      place.fail(`${keyword}: got ${countText(count)}, want ${countText(limit)}`)
  }
}
