/** Selector parsing, matching and printing. */
import { describe, expect, it } from 'vitest'
import {
  formatLabelSelector,
  matchesFields,
  matchesLabels,
  parseFieldSelector,
  parseLabelSelector,
} from './selectors.ts'

describe('label selectors', () => {
  const labels = { app: 'web', tier: 'front', 'example.com/rank': '5' }
  it.each([
    ['', true],
    ['app=web', true],
    ['app==web,tier=front', true],
    ['app!=web', false],
    ['absent!=x', true],
    ['app in (web, api)', true],
    ['app in (api),tier=front', false],
    ['app notin (api)', true],
    ['absent notin (api)', true],
    ['app', true],
    ['!app', false],
    ['!absent', true],
    ['example.com/rank>4', true],
    ['example.com/rank<4', false],
    ['app=', false],
  ])('%s -> %s', (selector, expected) => {
    expect(matchesLabels(selector, labels)).toBe(expected)
  })

  it.each(['a b', ',', 'a=b,', 'a in b', 'a=b c', '/a=b', 'a=(b)'])('refuses %s', (selector) => {
    expect(() => parseLabelSelector(selector)).toThrow(/unable to parse/)
  })

  it('matches a LabelSelector; absent matches nothing, empty everything', () => {
    expect(matchesLabels(undefined, labels)).toBe(false)
    expect(matchesLabels({}, labels)).toBe(true)
    expect(
      matchesLabels(
        {
          matchLabels: { app: 'web' },
          matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['back'] }],
        },
        labels,
      ),
    ).toBe(true)
    expect(matchesLabels({ matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, labels)).toBe(
      false,
    )
  })

  it('prints with keys in order, and what it prints parses back', () => {
    const text = formatLabelSelector({
      matchLabels: { b: '2', a: '1' },
      matchExpressions: [
        { key: 'c', operator: 'In', values: ['y', 'x'] },
        { key: 'd', operator: 'DoesNotExist' },
        { key: 'e', operator: 'Exists' },
      ],
    })
    expect(text).toBe('a=1,b=2,c in (x,y),!d,e')
    expect(parseLabelSelector(text)).toHaveLength(5)
  })
})

describe('field selectors', () => {
  const textOf = (field: string) => ({ 'metadata.name': 'x', 'status.phase': 'Running' })[field] ?? ''
  it.each([
    ['metadata.name=x', true],
    ['metadata.name==x,status.phase!=Failed', true],
    ['metadata.name!=x', false],
    ['spec.nodeName=', true],
    ['metadata.name=a\\,b', false],
  ])('%s -> %s', (selector, expected) => {
    expect(matchesFields(parseFieldSelector(selector), textOf)).toBe(expected)
  })
  it('refuses a term without an operator', () => {
    expect(() => parseFieldSelector('metadata.name')).toThrow(/invalid selector/)
  })
})
