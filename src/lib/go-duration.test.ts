/** Go's duration strings. */
import { expect, test } from 'vitest'
import { parseGoDuration } from './go-duration.ts'

test.each([
  ['1h30m', 5_400_000],
  ['1m0s', 60_000],
  ['300ms', 300],
  ['1.5s', 1500],
  ['.5s', 500],
  ['250us', 0.25],
  ['250µs', 0.25],
  ['-5m', -300_000],
  ['0', 0],
])('%s is %d ms', (text, ms) => expect(parseGoDuration(text)).toBe(ms))

test.each(['', '5', '1d', '1h 30m', 'h', '1constructor', '1h30'])('"%s" is refused', (text) =>
  expect(parseGoDuration(text)).toBeUndefined(),
)
