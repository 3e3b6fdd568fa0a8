import fc from 'fast-check'
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

test('a returned or failed message is settled, not outstanding, and lost unless it is answered after all', () => {
  const ledger = new Ledger(3)
  for (const index of [0, 1, 2]) ledger.publish(index, 0)
  ledger.return(0)
  ledger.confirm(0)
  ledger.confirm(1)
  ledger.fail(2)
  ledger.reply(1, 5)
  expect(ledger).toMatchObject({ returned: 1, failed: 1, outstanding: 0, unsettled: 0, lost: 2 })
  ledger.reply(0, 9)
  expect(ledger).toMatchObject({ outstanding: 0, lost: 1 })
})

test('after a lost connection only messages of unknown fate are sent again, and their second answers told apart', () => {
  const ledger = new Ledger(5)
  for (const index of [0, 1, 2, 3]) ledger.publish(index, 0)
  ledger.confirm(0)
  ledger.return(1)
  ledger.reply(2, 5)
  expect([...ledger.unconfirmed()]).toEqual([3])
  expect(ledger.unsettled).toBe(2)
  ledger.republish(3)
  for (const index of [2, 3, 3]) ledger.reply(index, 9)
  expect(ledger).toMatchObject({ republished: 1, republishDuplicates: 1, duplicates: 1, replied: 2, lost: 2 })
})

test('a million messages take the memory of those under way', () => {
  const ledger = new Ledger(1_000_000)
  const before = process.memoryUsage().arrayBuffers
  let most = 0
  for (let index = 0; index < ledger.size; index++) {
    ledger.publish(index, index)
    ledger.confirm(index)
    if (index >= 5_000) ledger.reply(index - 5_000, index)
    if (index % 1_000 === 0) most = Math.max(most, ledger.bytes)
  }
  expect(ledger.outstanding).toBe(5_000)
  expect(most).toBeLessThan(150_000)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e6)
})

test('stragglers and exceptions are remembered when all around them is through', () => {
  const size = 10_000
  const ledger = new Ledger(size)
  const lost = new Set([7, 4_095, 4_096, 9_999])
  for (let index = 0; index < size; index++) {
    ledger.publish(index, index)
    if (index === 5_000) ledger.republish(index)
    ledger.confirm(index)
  }
  for (let index = 0; index < size; index++) if (!lost.has(index)) ledger.reply(index, index + 1)
  expect(ledger.bytes).toBeLessThan(3 * 9 * 4_096 + 1_000)
  expect(ledger).toMatchObject({ lost: 4, outstanding: 4, unsettled: 0 })
  expect(ledger.reply(5_000, 0).outcome).toBe('duplicate')
  expect(ledger.reply(5_001, 0).outcome).toBe('duplicate')
  expect(ledger).toMatchObject({ republishDuplicates: 1, duplicates: 1 })
  expect(ledger.reply(4_096, 4_596)).toEqual({ outcome: 'first', latencyMs: 500 })
  expect(ledger.reply(4_096, 4_597).outcome).toBe('duplicate')
  expect(ledger.lost).toBe(3)
})

// Against a plain map from message to what happened to it.
test('counts as a simple account does, in any order of events', () => {
  const event = fc.record({
    what: fc.constantFrom('publish', 'confirm', 'return', 'fail', 'reply', 'republish'),
    index: fc.nat(5_000),
  })
  const model = (events: { what: string; index: number }[]) => {
    const seen = new Map<number, Set<string>>()
    for (const { what, index } of events) {
      if (what === 'publish') seen.set(index, seen.get(index) ?? new Set(['publish']))
      else seen.get(index)?.add(what)
    }
    const count = (test: (marks: Set<string>) => boolean) => [...seen.values()].filter(test).length
    return {
      published: seen.size,
      confirmed: count((marks) => marks.has('confirm')),
      replied: count((marks) => marks.has('reply')),
      returned: count((marks) => marks.has('return')),
      failed: count((marks) => marks.has('fail')),
      outstanding: count((marks) => !['reply', 'return', 'fail'].some((mark) => marks.has(mark))),
      unsettled:
        5_001 - count((marks) => ['confirm', 'reply', 'return', 'fail'].some((mark) => marks.has(mark))),
    }
  }
  fc.assert(
    fc.property(fc.array(event, { maxLength: 200 }), fc.nat(5_000), (events, through) => {
      const ledger = new Ledger(5_001)
      // Most are through beforehand, so that segments have shrunk.
      const before = Array.from({ length: through }, (_, index) => index).flatMap((index) =>
        ['publish', 'confirm', 'reply'].map((what) => ({ what, index })),
      )
      for (const { what, index } of [...before, ...events]) {
        if (what === 'publish' || what === 'reply') ledger[what](index, 0)
        else ledger[what as 'confirm' | 'return' | 'fail' | 'republish'](index)
      }
      expect(ledger).toMatchObject(model([...before, ...events]))
    }),
    { numRuns: 50 },
  )
})
