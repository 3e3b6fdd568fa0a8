/** A probe's timing and thresholds, by a clock that is told to move. */
import { expect, it } from 'vitest'
import { FakeClock } from '../../../lib/clock.ts'
import { ProbeLoop, type ProbeLoopOptions } from './probe-loop.ts'

function loop(probe: Record<string, unknown>, eager: ProbeLoopOptions['eager'] = 'never') {
  const clock = new FakeClock(0)
  const state = { passed: true, runs: [] as number[], failures: 0, verdicts: [] as boolean[] }
  const probing = new ProbeLoop({
    probe,
    clock,
    eager,
    check: async () => {
      state.runs.push(clock.now() / 1000)
      return { passed: state.passed, output: '' }
    },
    failed: () => {
      state.failures++
    },
    verdict: (passed) => void state.verdicts.push(passed),
  })
  return { clock, state, probing }
}

it('runs after its delay and then each period, sharing the wake-ups of the even seconds', async () => {
  const { clock, state } = loop({ initialDelaySeconds: 3, periodSeconds: 2 })
  await clock.advance(8000)
  expect(state.runs).toEqual([3, 6, 8])
})

it('speaks at its thresholds', async () => {
  const { clock, state } = loop({ periodSeconds: 1, failureThreshold: 3, successThreshold: 2 })
  await clock.advance(1000)
  expect(state.verdicts).toEqual([true])
  state.passed = false
  await clock.advance(2000)
  expect(state.verdicts).toEqual([true])
  await clock.advance(1000)
  expect(state.verdicts).toEqual([true, false])
  expect(state.failures).toBe(3)
})

it('looks often before the first pass, without counting those failures', async () => {
  const { clock, state } = loop({ periodSeconds: 10, failureThreshold: 1 }, 'first period')
  state.passed = false
  await clock.advance(9000)
  expect(state.runs.length).toBeGreaterThan(20)
  expect(state.failures).toBe(0)
  state.passed = true
  await clock.advance(500)
  expect(state.verdicts).toEqual([true])
  const before = state.runs.length
  await clock.advance(9000)
  expect(state.runs.length).toBe(before)
})

it('counts the failure at the end of the first period', async () => {
  const { clock, state } = loop({ periodSeconds: 10, failureThreshold: 1 }, 'first period')
  state.passed = false
  await clock.advance(10_500)
  expect(state.verdicts).toEqual([false])
  expect(state.failures).toBe(1)
})

it('a start is looked at often until it passes, and its failures count once a period', async () => {
  const { clock, state } = loop({ periodSeconds: 2, failureThreshold: 3 }, 'always')
  state.passed = false
  await clock.advance(5000)
  expect(state.failures).toBe(2)
  const before = state.runs.length
  state.passed = true
  await clock.advance(500)
  expect(state.verdicts).toEqual([true])
  expect(state.runs.length).toBe(before + 1)
})

it('stops', async () => {
  const { clock, state, probing } = loop({ periodSeconds: 1 })
  await clock.advance(500)
  probing.stop()
  await clock.advance(5000)
  expect(state.runs).toEqual([0])
})
