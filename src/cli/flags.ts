/** Parsers for the values of flags: each throws commander's own error, which is a usage error. */
import { InvalidArgumentError } from 'commander'
import { parseDuration } from '../lib/duration.ts'
import { messageOf } from '../lib/errors.ts'

export function wholeNumber(smallest: number, largest: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= smallest && value <= largest) return value
    throw new InvalidArgumentError(`It must be a whole number from ${smallest} to ${largest}.`)
  }
}

/** Milliseconds of `90s`, `5m`. */
export function duration(text: string): number {
  try {
    return parseDuration(text)
  } catch (thrown) {
    throw new InvalidArgumentError(`${messageOf(thrown)}. Write 1500ms, 90s, 5m or 2h.`)
  }
}

/** Per second, of `5`, `5/s` or `300/m`. */
export function ratePerSecond(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(?:\/(s|m))?$/.exec(text.trim())
  const value = Number(match?.[1] ?? Number.NaN) / (match?.[2] === 'm' ? 60 : 1)
  if (value > 0 && value <= 100_000) return value
  throw new InvalidArgumentError('Write 5/s or 300/m.')
}

/** A factor from 0.1 to 100. */
export function factor(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= 0.1 && value <= 100) return value
  throw new InvalidArgumentError('It must be a number from 0.1 to 100.')
}
