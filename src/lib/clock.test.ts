import { expect, test } from 'vitest'
import { FakeClock, untilBeat } from './clock.ts'

const T0 = Date.UTC(2026, 0, 1)

test('loops of the same period come to share their wake-ups, whenever they began', () => {
  const wakeUps = [137, 912, 1501].map((phase) => {
    let at = T0 + phase
    for (let turn = 0; turn < 3; turn++) at += untilBeat(at, 2000)
    return (at - T0) % 2000
  })
  expect(wakeUps).toEqual([0, 0, 0])
})

test('a beat that was kept is kept, late timers or early ones notwithstanding', () => {
  for (const jitter of [-2, 0, 3, 40]) {
    const at = T0 + 10_000 + jitter
    expect(at + untilBeat(at, 1000)).toBe(T0 + 11_000)
  }
})

test.each([
  [500, 'less than a second'],
  [1500, 'no whole number of seconds'],
  [0, 'at once'],
])('a wait of %d ms (%s) is left as it is', (ms) => {
  expect(untilBeat(T0 + 137, ms)).toBe(ms)
})

test('three seconds fall on a second, four on an even one', () => {
  expect(untilBeat(T0 + 400, 3000)).toBe(2600)
  expect(untilBeat(T0 + 1400, 4000)).toBe(4600)
})

test('timers of a clock that moves run in order', async () => {
  const clock = new FakeClock(T0)
  const seen: number[] = []
  clock.after(200, () => seen.push(2))
  clock.after(100, () => seen.push(1)).cancel()
  clock.after(150, () => seen.push(3))
  await clock.advance(300)
  expect(seen).toEqual([3, 2])
})
