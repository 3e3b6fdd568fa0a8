import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromBytes, toBytes } from './bytes.ts'
import { sprintf } from './format.ts'
import { formatFloat, quote, unquote } from './strconv.ts'
import { int } from './value.ts'

describe('formatFloat', () => {
  it.each([
    [1e6, '1e+06'],
    [100000, '100000'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [123456789, '1.23456789e+08'],
    [-0, '-0'],
  ])('prints %d as %s', (value, text) => expect(formatFloat(value, 'g', -1)).toBe(text))

  it('reads back as the same number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (n) => {
        expect(Number(formatFloat(n, 'g', -1))).toBe(n)
        expect(Number(formatFloat(n, 'f', -1))).toBe(n)
      }),
    )
  })

  it('rounds ties to even, exactly', () => {
    expect([0.5, 1.5, 2.5].map((n) => formatFloat(n, 'f', 0))).toEqual(['0', '2', '2'])
    expect(formatFloat(1.005, 'f', 2)).toBe('1.00')
  })
})

it('marks what a verb cannot print', () => {
  expect(sprintf('%d %s', ['x'])).toBe('%!d(string=x) %!s(MISSING)')
  expect(sprintf('%d', [int(1), int(2)])).toBe('1%!(EXTRA int=2)')
})

it('quotes and unquotes any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(unquote(quote(text))).toBe(text)
    }),
  )
})

it('keeps bytes that are not UTF-8', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(Buffer.from(toBytes(fromBytes(bytes)))).toEqual(Buffer.from(bytes))
    }),
  )
})
