import { expect, test } from 'vitest'
import { formatDuration, parseDuration } from './duration.ts'

test.each([
  ['1500ms', 1_500],
  ['90s', 90_000],
  ['1.5m', 90_000],
  ['2h', 7_200_000],
  ['1h30m', 5_400_000],
  ['30', 30_000],
])('%s is %d ms', (text, ms) => expect(parseDuration(text)).toBe(ms))

test.each(['', 'soon', '5x', '5m later', '-3s'])('"%s" is refused', (text) => {
  expect(() => parseDuration(text, '--timeout')).toThrow(/--timeout: ".*" is no duration/)
})

test('durations are short for people', () => {
  expect([40, 12_340, 245_000, 7_380_000].map(formatDuration)).toEqual([
    '40 ms',
    '12.3 s',
    '4 min 05 s',
    '2 h 03 min',
  ])
})
