import { expect, test } from 'vitest'
import { warmUp } from './warm-up.ts'

test('waits until the first connection, and never again', async () => {
  let ready = false
  const warm = warmUp(() => ready, 60_000)
  let passed = false
  const waiting = warm().then(() => {
    passed = true
  })
  await new Promise((resolve) => setImmediate(resolve))
  expect(passed).toBe(false)
  ready = true
  await waiting
  ready = false
  await warm()
})

test('gives up after its time', async () => {
  await warmUp(() => false, 1)()
})
