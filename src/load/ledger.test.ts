import { expect, test } from 'vitest'
import { Ledger } from './ledger.ts'

test('every message is counted once, however often it is sent, confirmed and answered', () => {
  const ledger = new Ledger(3)
  ledger.publish(0, 100)
  ledger.publish(0, 100)
  ledger.confirm(0)
  ledger.confirm(0)
  expect(ledger.reply(0, 350)).toEqual({ outcome: 'first', latencyMs: 250 })
  expect(ledger.reply(0, 400)).toEqual({ outcome: 'duplicate', latencyMs: 0 })
  expect(ledger).toMatchObject({
    published: 1,
    confirmed: 1,
    replied: 1,
    duplicates: 1,
    outstanding: 0,
    lost: 0,
  })
})

test('answers to what was never sent are unknown', () => {
  const ledger = new Ledger(2)
  expect(ledger.reply(1, 0).outcome).toBe('unknown')
  expect(ledger.reply(7, 0).outcome).toBe('unknown')
  expect(ledger).toMatchObject({ replied: 0, unknown: 2 })
})

test('a refused message is settled, not outstanding, and lost unless it is answered after all', () => {
  const ledger = new Ledger(2)
  for (const index of [0, 1]) ledger.publish(index, 0)
  ledger.refuse(0)
  ledger.confirm(1)
  ledger.reply(1, 5)
  expect(ledger).toMatchObject({ refused: 1, outstanding: 0, unsettled: 0, lost: 1 })
  ledger.reply(0, 9)
  expect(ledger).toMatchObject({ outstanding: 0, lost: 0 })
})

test('after a lost connection only messages of unknown fate are sent again', () => {
  const ledger = new Ledger(5)
  for (const index of [0, 1, 2, 3]) ledger.publish(index, 0)
  ledger.confirm(0)
  ledger.refuse(1)
  ledger.reply(2, 5)
  expect([...ledger.unconfirmed()]).toEqual([3])
  expect(ledger.unsettled).toBe(2)
})

test('a million messages take nine bytes each', () => {
  const before = process.memoryUsage().arrayBuffers
  const ledger = new Ledger(1_000_000)
  for (let index = 0; index < ledger.size; index++) ledger.publish(index, index)
  for (let index = 0; index < ledger.size; index++) ledger.reply(index, index)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThanOrEqual(9.1e6)
  expect(ledger.outstanding).toBe(0)
})
