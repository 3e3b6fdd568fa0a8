import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { FakeClock } from '../../lib/clock.ts'
import type { KubeObject } from '../objects.ts'
import type { StoreEvent } from './history.ts'
import { ObjectStore } from './store.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function object(name: string, namespace: string | undefined = 'ns', value = 0): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Thing',
    metadata: {
      name,
      uid: name,
      resourceVersion: '',
      creationTimestamp: '',
      ...(namespace ? { namespace } : {}),
    },
    value,
  } as KubeObject
}

function memory(): ObjectStore {
  return new ObjectStore({ clock: new FakeClock() })
}

it('counts one revision for all types', () => {
  const store = memory()
  store.put('a', object('x'))
  store.put('b', object('y'))
  store.remove('a', 'ns', 'x')
  expect(store.revision).toBe(3)
  expect(store.get('b', 'ns', 'y')?.metadata.resourceVersion).toBe('2')
})

it('lists in the order of namespace and name', () => {
  const store = memory()
  for (const [namespace, name] of [
    ['b', '1'],
    ['a', '2'],
    ['a', '1'],
    ['a-b', '1'],
  ])
    store.put('t', object(name!, namespace))
  const keys = (list: KubeObject[]) => list.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
  // '-' sorts before '/': the keys are compared as etcd compares them.
  expect(keys(store.list('t'))).toEqual(['a-b/1', 'a/1', 'a/2', 'b/1'])
  expect(keys(store.list('t', 'a'))).toEqual(['a/1', 'a/2'])
})

it('tells subscribers in order, also of writes made while they are told', () => {
  const store = memory()
  const seen: string[] = []
  store.subscribe('t', ({ type, object: { metadata } }) => {
    if (type === 'ADDED' && metadata.name === 'x') store.put('t', object('y'))
  })
  store.subscribe('t', ({ type, object: { metadata } }) => seen.push(`${type} ${metadata.name}`))
  store.put('t', object('x'))
  store.put('t', object('x', 'ns', 1))
  expect(seen).toEqual(['ADDED x', 'ADDED y', 'MODIFIED x'])
})

it('goes on when a subscriber throws', () => {
  const store = memory()
  const seen: StoreEvent[] = []
  store.subscribe('t', () => {
    throw new Error('no')
  })
  store.subscribe('t', (event) => seen.push(event))
  store.put('t', object('x'))
  expect(seen).toHaveLength(1)
})

it('knows the past', () => {
  const store = memory()
  store.put('t', object('x', 'ns', 1))
  store.put('t', object('y', 'ns', 1))
  store.put('t', object('x', 'ns', 2))
  store.remove('t', 'ns', 'y')
  expect(store.listAt('t', 2)?.map(({ value }) => value)).toEqual([1, 1])
  expect(store.since('t', 2)?.map(({ type }) => type)).toEqual(['MODIFIED', 'DELETED'])
  expect(store.since('t', 2)?.[1]?.object.metadata.resourceVersion).toBe('4')
})

it('forgets the past in the end', async () => {
  const clock = new FakeClock()
  const store = new ObjectStore({ clock })
  for (let n = 0; n < 2000; n++) store.put('t', object('x', 'ns', n))
  expect(store.since('t', 1)).toHaveLength(1999)
  await clock.advance(10 * 60_000)
  for (let n = 0; n < 2000; n++) store.put('t', object('x', 'ns', n))
  expect(store.since('t', 1)).toBeUndefined()
  expect(store.listAt('t', 1)).toBeUndefined()
  expect(store.since('t', store.revision - 1)).toHaveLength(1)
})

it('comes back from its file with objects and revision', () => {
  const file = join(folder, 'store.db')
  const clock = new FakeClock()
  const first = new ObjectStore({ clock, file })
  first.put('t', object('x', undefined, 7))
  first.put('t', object('y'))
  first.remove('t', 'ns', 'y')
  first[Symbol.dispose]()
  const second = new ObjectStore({ clock, file })
  expect(second.revision).toBe(3)
  expect(second.list('t')).toMatchObject([{ value: 7, metadata: { name: 'x', resourceVersion: '1' } }])
  expect(second.since('t', 2)).toBeUndefined()
  expect(second.since('t', 3)).toEqual([])
  expect(statSync(file).mode & 0o777).toBe(0o600)
  second[Symbol.dispose]()
})

it('hands out frozen snapshots', () => {
  const store = memory()
  const stored = store.put('t', object('x'))
  expect(() => {
    stored.metadata.name = 'y'
  }).toThrow(TypeError)
})

it('tells that its file takes no writes, until it does again', () => {
  const file = join(folder, 'store.db')
  const store = new ObjectStore({ clock: new FakeClock(), file })
  store.put('t', object('x'))
  expect(store.writeFailure()).toBeUndefined()
  const other = new DatabaseSync(file)
  other.exec('BEGIN IMMEDIATE')
  expect(() => store.put('t', object('y'))).toThrow(/locked/)
  expect(store.writeFailure()).toMatch(/locked/)
  // What was not stored was not seen either.
  expect([store.revision, store.get('t', 'ns', 'y')]).toEqual([1, undefined])
  other.exec('ROLLBACK')
  expect(store.writeFailure()).toBeUndefined()
  other.close()
  store[Symbol.dispose]()
})
