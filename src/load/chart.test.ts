import { expect, test } from 'vitest'
import { columnChart } from './chart.ts'

test('columns reach from nothing to the largest value', () => {
  expect(columnChart([0, 1, 2, 4, 8], 10, 1, 8)).toEqual([' ▁▂▃▆'])
})

test('two rows, the upper one first', () => {
  expect(columnChart([0, 4, 8, 12, 16], 10, 2, 16)).toEqual(['   ▃▆', ' ▄▇██'])
})

test('a value above zero shows, a gap does not', () => {
  expect(columnChart([1, null, 1_000], 10, 1, 1_000)).toEqual(['▁ ▆'])
  expect(columnChart([0, 0], 10, 2, 0)).toEqual(['', ''])
})

test('a long run is fitted in, peaks stay', () => {
  const values = Array.from({ length: 1_000 }, (_, second) => (second === 503 ? 8 : 1))
  const [row] = columnChart(values, 20, 1, 8)
  expect(row).toBe(`${'▁'.repeat(10)}▆${'▁'.repeat(9)}`)
})
