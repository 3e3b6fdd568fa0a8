import { expect, it } from 'vitest'
import { clock, figure } from './format.ts'

it('times from the start', () => {
  expect([0, 7_400, 750_000, 3_723_000].map(clock)).toEqual(['0:00', '0:07', '12:30', '1:02:03'])
})

it('figures with their units', () => {
  expect([figure(850.4, 'ms'), figure(2_460, 'ms'), figure(0.0314, 'ms')]).toEqual([
    '850 ms',
    '2.46 s',
    '0.0314 ms',
  ])
  expect([figure(50, 'percent'), figure(248, 'messages'), figure(1234.5, 'messages')]).toEqual([
    '50 %',
    '248',
    '1235',
  ])
})
