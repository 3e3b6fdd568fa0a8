/** Hashes, conditions and percentages. */
import { describe, expect, it } from 'vitest'
import { replaceCondition, setCondition } from './conditions.ts'
import { templateHash } from './hash.ts'
import { resolveIntOrPercent } from './int-or-percent.ts'
import { sameJson } from './json.ts'

describe('template hash', () => {
  it('is the same whatever the order of keys, and differs by collision count', () => {
    expect(templateHash({ a: 1, b: { c: 2, d: 3 } })).toBe(templateHash({ b: { d: 3, c: 2 }, a: 1 }))
    expect(templateHash({ a: 1 }, 1)).not.toBe(templateHash({ a: 1 }))
    expect(templateHash({ a: 1 })).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{1,10}$/)
  })
})

describe('conditions', () => {
  const condition = {
    type: 'A',
    status: 'True' as const,
    reason: 'R',
    message: 'm',
    lastTransitionTime: 't0',
  }
  it('workloads: the same status and reason changes nothing, another moves to the end', () => {
    const other = { ...condition, type: 'B' }
    const list = [condition, other]
    expect(replaceCondition(list, { ...condition, message: 'n', lastTransitionTime: 't1' })).toBe(list)
    const next = { ...condition, reason: 'S', lastTransitionTime: 't1' }
    expect(replaceCondition(list, next)).toEqual([other, { ...next, lastTransitionTime: 't0' }])
    const flipped = { ...condition, status: 'False' as const, lastTransitionTime: 't1' }
    expect(replaceCondition(list, flipped)).toEqual([other, flipped])
  })
  it('metav1: in place, the time moves with the status only', () => {
    const list = [condition]
    expect(setCondition(list, { type: 'A', status: 'True', reason: 'S', message: 'n' }, 0)[0]).toEqual({
      ...condition,
      reason: 'S',
      message: 'n',
    })
    expect(setCondition(list, { ...condition, status: 'False' }, 0)[0]!.lastTransitionTime).toBe(
      '1970-01-01T00:00:00Z',
    )
  })
})

it.each([
  ['25%', 3, 'up', 1],
  ['25%', 3, 'down', 0],
  [2, 3, 'up', 2],
  ['x', 3, 'up', undefined],
] as const)('%s of %d rounded %s is %s', (value, total, round, expected) => {
  expect(resolveIntOrPercent(value, total, round)).toBe(expected)
})

it('JSON equality takes undefined for absent', () => {
  expect(sameJson({ a: 1, b: undefined }, { a: 1 })).toBe(true)
  expect(sameJson({ a: [1, 2] }, { a: [2, 1] })).toBe(false)
})
it('JSON equality takes null for absent: the store does not keep it', () => {
  expect(sameJson({ a: { b: null } }, { a: {} })).toBe(true)
  expect(sameJson({ a: {} }, { a: { b: null } })).toBe(true)
  expect(sameJson({ a: null }, { a: {} })).toBe(false)
  expect(sameJson([{ a: 1 }], [{ a: 1, b: 2 }])).toBe(false)
  expect(sameJson([1], { 0: 1 })).toBe(false)
})
