import { expect, test } from 'vitest'
import type { KubeObject } from './object.ts'
import { podsBehind } from './service-pods.ts'

function slice(endpoints: Record<string, object>, portName = 'http'): KubeObject {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'core-api-x' },
    ports: [{ name: portName, port: 8000 }],
    endpoints: Object.entries(endpoints).map(([name, conditions]) => ({
      targetRef: { kind: 'Pod', name },
      conditions,
    })),
  } as KubeObject
}

const names = (...slices: KubeObject[]) => podsBehind(slices, 'http').map(({ pod }) => pod)
const ending = { ready: false, serving: true, terminating: true }
const starting = { ready: false, serving: false, terminating: false }

test('ready pods of every slice, with the port of that name', () => {
  const slices = [slice({ a: { ready: true }, b: starting }), slice({ c: {} }), slice({ d: {} }, 'metrics')]
  expect(podsBehind(slices, 'http')).toEqual([
    { pod: 'a', port: 8000 },
    { pod: 'c', port: 8000 },
  ])
})

test('a pod that is ending takes connections only while no other does', () => {
  expect(names(slice({ old: ending, next: starting }))).toEqual(['old'])
  expect(names(slice({ old: ending, next: { ready: true, serving: true } }))).toEqual(['next'])
  expect(names(slice({ next: starting }))).toEqual([])
})
