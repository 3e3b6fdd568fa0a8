/** Quantities, in and out. */
import { describe, expect, it } from 'vitest'
import { formatMilli, milliValue, numericValue, numericValueOrNaN, parseNano } from './quantity.ts'

describe('quantities', () => {
  it.each([
    ['1', 1000],
    ['500m', 500],
    ['0.1', 100],
    ['1.5', 1500],
    ['100n', 1],
    ['1500u', 2],
    ['2k', 2_000_000],
    ['1Ki', 1_024_000],
    ['1.5Gi', 1.5 * 2 ** 30 * 1000],
    ['1e3', 1_000_000],
    ['-5', -5000],
    [7, 7000],
  ])('%s is %d milli', (text, milli) => expect(milliValue(text)).toBe(milli))
  it.each(['', 'x', '1x', '.', '1 Gi', '--1'])('refuses %j', (text) =>
    expect(() => parseNano(text)).toThrow(/not a quantity/),
  )
  it('reads 64Mi', () => expect(numericValue('64Mi')).toBe(64 * 2 ** 20))
  it.each([
    [2867, '2867m'],
    [3000, '3'],
    [0, '0'],
    [5_000_000, '5k'],
    [5_500_000, '5500'],
  ])('%d milli prints as %s', (milli, text) => expect(formatMilli(milli)).toBe(text))
  it('has no number for what is no quantity', () => {
    expect(numericValueOrNaN('1Gi')).toBe(2 ** 30)
    expect(numericValueOrNaN('1kk')).toBeNaN()
    expect(numericValueOrNaN(undefined)).toBeNaN()
  })
  it('reads an absurd exponent in no time', () => {
    expect(numericValueOrNaN('1e999999999')).toBeGreaterThan(1e60)
    expect(parseNano('1e-999999999')).toBe(1n)
  })
})
