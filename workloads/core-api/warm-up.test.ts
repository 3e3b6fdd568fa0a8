import { expect, test } from 'vitest'
import { warmUp } from './warm-up.ts'

test('waits until the first connection, and never again', async () => {
  let ready = false
  const warm = warmUp(() => ready, 60_000)
  let passed = false
  const waiting = warm.wait().then(() => {
    passed = true
  })
  await new Promise((resolve) => setImmediate(resolve))
  expect([passed, warm.connectedOnce()]).toEqual([false, false])
  ready = true
  await waiting
  ready = false
  await warm.wait()
  expect(warm.connectedOnce()).toBe(true)
})

test('a request gives up after its time, and the pod is still not connected', async () => {
  const warm = warmUp(() => false, 1)
  await warm.wait()
  expect(warm.connectedOnce()).toBe(false)
})
