import { expect, test } from 'vitest'
import { duration, ratePerSecond, wholeNumber } from './flags.ts'

test('rates are per second', () => {
  expect(['5', '5/s', '2.5/s', '300/m'].map(ratePerSecond)).toEqual([5, 5, 2.5, 5])
  for (const bad of ['0', '-1', '5/h', 'fast', '']) expect(() => ratePerSecond(bad)).toThrow(/5\/s or 300\/m/)
})

test('numbers and durations are checked', () => {
  expect(wholeNumber(1, 10)('10')).toBe(10)
  for (const bad of ['0', '11', '1.5', 'x', '']) expect(() => wholeNumber(1, 10)(bad)).toThrow(/from 1 to 10/)
  expect(duration('2m')).toBe(120_000)
  expect(() => duration('soon')).toThrow(/no duration/)
})
