import { expect, it } from 'vitest'
import { memoryReport } from './memory.ts'
import { sendingRate } from './perf-test.ts'

it('growth is what the second half needs above the first, without garbage', () => {
  const samples = [
    { done: 0, rssMb: 90, liveMb: 30, outstanding: 3 },
    { done: 90, rssMb: 120.44, outstanding: 9 },
    { done: 310, rssMb: 140, liveMb: 41, outstanding: 5 },
    { done: 520, rssMb: 138, liveMb: 43.5, outstanding: 700 },
    { done: 1_000, rssMb: 145.7, liveMb: 42, outstanding: 0 },
  ]
  const gap = null
  expect(memoryReport(samples, 1_000)).toEqual({
    messages: 1_000,
    rssMb: [120.4, gap, gap, 140, gap, 138, gap, gap, gap, 145.7],
    liveMb: [30, gap, gap, 41, gap, 43.5, gap, gap, gap, 42],
    outstanding: [9, gap, gap, 5, gap, 700, gap, gap, gap, 0],
    growthMb: 2.5,
  })
})

it("reads PerfTest's closing line", () => {
  const output =
    'id: test-1, time 9.0 s, sent: 10 msg/s\nid: test-1, sending rate avg: 12345 msg/s\nid: test-1, receiving rate avg: 0 msg/s\n'
  expect(sendingRate(output)).toBe(12_345)
  expect(() => sendingRate('Connection refused')).toThrow(/no average sending rate/)
})
