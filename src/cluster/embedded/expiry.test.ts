import { expect, test } from 'vitest'
import { FakeClock } from '../../lib/clock.ts'
import { Expiry, expiresAt } from './expiry.ts'

const DAY = 86_400_000

test('a month is a month, although timers hold less', async () => {
  const clock = new FakeClock()
  let expired = 0
  const expiry = new Expiry(clock, () => expired++)
  expiry.set(clock.now() + 30 * 60_000)
  await clock.advance(29 * 60_000)
  expect(expired).toBe(0)
  await clock.advance(2 * 60_000)
  expect(expired).toBe(1)
  expiry.set(clock.now() + 30 * DAY)
  await clock.advance(60_000)
  expect(expired).toBe(1)
})

test('a later limit replaces an earlier one, none takes it away', async () => {
  const clock = new FakeClock()
  let expired = 0
  const expiry = new Expiry(clock, () => expired++)
  expiry.set(clock.now() + 1000)
  expiry.set(clock.now() + 5000)
  await clock.advance(2000)
  expect(expired).toBe(0)
  expiry.set(undefined)
  await clock.advance(10_000)
  expect(expired).toBe(0)
})

test('the limit counts from the up that asks for it, and outlives one that does not', () => {
  expect(expiresAt(1000, 50, 1020)).toBe(1050)
  expect(expiresAt(1000, undefined, 1020)).toBe(1020)
  expect(expiresAt(1000, undefined, 900)).toBeUndefined()
  expect(expiresAt(1000, undefined, undefined)).toBeUndefined()
})
