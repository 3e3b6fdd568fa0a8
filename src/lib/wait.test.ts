import { expect, test } from 'vitest'
import { FakeClock } from './clock.ts'
import { DevenvError } from './errors.ts'
import { type Probed, waitFor } from './wait.ts'

test('probes until it is there and tells what it waits for', async () => {
  const clock = new FakeClock()
  const answers: Probed<string>[] = [{ waiting: '0/1 ready' }, { waiting: '1/2 ready' }, { done: 'here' }]
  const told: string[] = []
  const found = waitFor('deployment x', () => answers.shift()!, {
    timeoutMs: 10_000,
    intervalMs: 1_000,
    clock,
    onWaiting: ({ waiting }) => told.push(waiting),
  })
  await clock.advance(2_000)
  expect(await found).toBe('here')
  expect(told).toEqual(['0/1 ready', '1/2 ready'])
})

test('the deadline names the object, its last condition and event, and the log', async () => {
  const clock = new FakeClock()
  const probe = () => ({ waiting: '0/1 ready: ImagePullBackOff', event: 'Failed to pull', log: '/logs/x' })
  const found: Promise<any> = waitFor('deployment x', probe, { timeoutMs: 5_000, clock }).catch(
    (thrown) => thrown,
  )
  await clock.advance(5_000)
  expect(await found).toMatchObject({ code: 'DEADLINE', exitCode: 124, log: '/logs/x' })
  expect((await found).message).toBe(
    'deployment x was not there after 5.0 s: 0/1 ready: ImagePullBackOff (last event: Failed to pull)',
  )
})

test('a probe that hangs does not hold the deadline, and is told to stop', async () => {
  const clock = new FakeClock()
  let stopped: AbortSignal | undefined
  const hang = (signal: AbortSignal) => {
    stopped = signal
    return new Promise<Probed<string>>(() => {})
  }
  const found: Promise<any> = waitFor('broker', hang, { timeoutMs: 60_000, clock }).catch((thrown) => thrown)
  await clock.advance(60_000)
  expect((await found).message).toMatch(/after 60 s: the first probe never answered/)
  expect(stopped?.aborted).toBe(true)
})

test('network errors count as not yet, coded ones end the wait', async () => {
  const clock = new FakeClock()
  let calls = 0
  const flaky = () => {
    if (calls++ === 0) throw new Error('ECONNREFUSED')
    return { done: calls }
  }
  const found = waitFor('api', flaky, { timeoutMs: 5_000, clock })
  await clock.advance(1_000)
  expect(await found).toBe(2)
  const broken = () => {
    throw new DevenvError('CONFIG_INVALID', 'no use')
  }
  await expect(waitFor('api', broken, { timeoutMs: 5_000, clock })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
  })
})

test('an abort ends the wait at once', async () => {
  const stop = new AbortController()
  const found = waitFor('api', () => ({ waiting: 'no' }), { timeoutMs: 60_000, signal: stop.signal })
  stop.abort()
  await expect(found).rejects.toMatchObject({ code: 'INTERRUPTED' })
})

test('without a deadline of its own it waits until somebody ends it', async () => {
  const clock = new FakeClock()
  const stop = new AbortController()
  let probes = 0
  const found = waitFor('api', () => ({ waiting: `${++probes}` }), {
    intervalMs: 3_600_000,
    signal: stop.signal,
    clock,
  })
  await clock.advance(24 * 3_600_000)
  expect(probes).toBe(25)
  stop.abort()
  await expect(found).rejects.toMatchObject({ code: 'INTERRUPTED' })
})
