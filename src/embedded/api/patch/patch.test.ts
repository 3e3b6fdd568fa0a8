import { describe, expect, it } from 'vitest'
import { ApiError } from '../../errors.ts'
import { MERGE } from '../testing/fake-catalog.ts'
import { jsonPatch } from './json-patch.ts'
import { mergePatch } from './merge-patch.ts'
import { strategicMergePatch } from './strategic.ts'

function codeOf(act: () => unknown): number {
  try {
    act()
  } catch (thrown) {
    if (thrown instanceof ApiError) return thrown.code
    throw thrown
  }
  return 0
}

describe('merge patch', () => {
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j with %j', (target, patch, result) => {
    expect(mergePatch(target, patch)).toEqual(result)
  })

  it('does not touch the prototype', () => {
    const merged = mergePatch({}, JSON.parse('{"__proto__":{"polluted":1}}')) as any
    expect(({} as any).polluted).toBeUndefined()
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype)
  })
})

describe('JSON patch', () => {
  it('applies operations to a copy', () => {
    const target = Object.freeze({ a: Object.freeze([1, 2]) })
    expect(
      jsonPatch(target, [
        { op: 'add', path: '/a/-', value: 3 },
        { op: 'remove', path: '/a/0' },
      ]),
    ).toEqual({ a: [2, 3] })
  })

  it.each([
    [[{ op: 'test', path: '/a', value: 2 }], 422],
    [[{ op: 'remove', path: '/b' }], 422],
    [{ op: 'add' }, 400],
    [Array.from({ length: 10_001 }, () => ({ op: 'add', path: '/a', value: 1 })), 413],
  ])('refuses %#', (operations, code) => {
    expect(codeOf(() => jsonPatch({ a: 1 }, operations))).toBe(code)
  })
})

describe('strategic merge patch', () => {
  const container = (name: string, rest: object = {}) => ({ name, ...rest })
  const withContainers = (...containers: object[]) => ({ spec: { containers } })
  const patched = (target: object, patch: object) => strategicMergePatch(MERGE, target, patch) as any

  it('merges items by their key, new ones first', () => {
    const result = patched(
      withContainers(container('a', { image: '1' }), container('b')),
      withContainers(container('c'), container('a', { image: '2' })),
    )
    expect(result.spec.containers).toEqual([container('c'), container('a', { image: '2' }), container('b')])
  })

  it('deletes and replaces items', () => {
    const target = withContainers(container('a', { image: '1', env: [] }), container('b'))
    const result = patched(
      target,
      withContainers({ $patch: 'delete', name: 'b' }, { $patch: 'replace', name: 'a', image: '2' }),
    )
    expect(result.spec.containers).toEqual([container('a', { image: '2' })])
    const all = patched(target, withContainers({ $patch: 'replace' }, container('z')))
    expect(all.spec.containers).toEqual([container('z')])
  })

  it('replaces and deletes maps', () => {
    const target = { metadata: { labels: { a: '1', b: '2' } } }
    expect(patched(target, { metadata: { labels: { $patch: 'replace', c: '3' } } }).metadata.labels).toEqual({
      c: '3',
    })
    expect(patched(target, { metadata: { labels: { $patch: 'delete' } } }).metadata).toEqual({})
    expect(patched(target, { metadata: { labels: { a: null } } }).metadata.labels).toEqual({ b: '2' })
  })

  it('orders by $setElementOrder, what only the server has before what it preceded', () => {
    const target = withContainers(container('a'), container('b'), container('server'), container('c'))
    const result = patched(target, {
      spec: { '$setElementOrder/containers': [{ name: 'c' }, { name: 'b' }, { name: 'a' }] },
    })
    expect(result.spec.containers.map((each: any) => each.name)).toEqual(['server', 'c', 'b', 'a'])
  })

  it('edits lists of primitives', () => {
    const target = { metadata: { finalizers: ['a', 'b'] } }
    expect(patched(target, { metadata: { finalizers: ['c'] } }).metadata.finalizers.sort()).toEqual([
      'a',
      'b',
      'c',
    ])
    const removed = patched(target, { metadata: { '$deleteFromPrimitiveList/finalizers': ['a'] } })
    expect(removed.metadata.finalizers).toEqual(['b'])
  })

  it('keeps only what $retainKeys names', () => {
    const target = { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } } }
    const result = patched(target, { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } })
    expect(result.spec.strategy).toEqual({ type: 'Recreate' })
  })

  it('replaces lists without a merge strategy', () => {
    const target = withContainers(container('a', { command: ['x', 'y'] }))
    const result = patched(target, withContainers(container('a', { command: ['z'] })))
    expect(result.spec.containers[0].command).toEqual(['z'])
  })

  it('refuses items without their key and unknown directives', () => {
    expect(codeOf(() => patched(withContainers(), withContainers({ image: 'x' })))).toBe(400)
    expect(codeOf(() => patched({}, { spec: { $patch: 'explode' } }))).toBe(400)
  })
})
