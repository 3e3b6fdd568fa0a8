import { expect, test } from 'vitest'
import type { KubeObject } from '../lib/kube/object.ts'
import { driftOf } from './drift.ts'
import { object } from './testing.ts'

/** An object as it was synced, with what is different now. */
function live(kind: string, synced: object, now: object, managedFields: object[] = []): KubeObject {
  const annotations = {
    'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ kind, metadata: {}, ...synced }),
  }
  return object(kind, 'x', { ...now, metadata: { name: 'x', annotations, managedFields } })
}

test('a changed value, and who changed it', () => {
  const managedFields = [
    {
      manager: 'argocd-controller',
      time: '2026-01-01T00:00:00Z',
      fieldsV1: { 'f:data': { 'f:LOG_LEVEL': {} } },
    },
    { manager: 'kubectl-patch', time: '2026-01-01T01:00:00Z', fieldsV1: { 'f:data': { 'f:LOG_LEVEL': {} } } },
  ]
  const config = live(
    'ConfigMap',
    { data: { LOG_LEVEL: 'INFO', A: '1' } },
    { data: { LOG_LEVEL: 'DEBUG', A: '1' } },
    managedFields,
  )
  expect(driftOf(config)).toEqual([
    { path: 'data.LOG_LEVEL', synced: 'INFO', here: 'DEBUG', by: 'kubectl-patch' },
  ])
})

test('defaults, equal quantities and additions are no drift', () => {
  // What is empty is left out where the API's types say so.
  const zero = { initialDelaySeconds: 0, paused: false, items: [] }
  const spec = { ...zero, containers: [{ name: 'main', resources: { requests: { cpu: '1' } } }], empty: {} }
  const now = {
    containers: [{ name: 'side' }, { name: 'main', resources: { requests: { cpu: '1000m' } }, tty: false }],
  }
  expect(driftOf(live('Pod', { spec }, { spec: now }))).toEqual([])
})

test('items of lists are found by name, others by place', () => {
  const synced = { ports: [{ name: 'http', port: 80 }], hosts: ['a', 'b'] }
  const now = { ports: [{ name: 'http', port: 81 }], hosts: ['a', 'c'] }
  expect(driftOf(live('Service', { spec: synced }, { spec: now }))?.map(({ path }) => path)).toEqual([
    'spec.ports[http].port',
    'spec.hosts[1]',
  ])
})

test('a field that is gone, and values of Secrets, have nothing to show', () => {
  expect(driftOf(live('ConfigMap', { data: { A: '1' } }, { data: {} }))).toEqual([
    { path: 'data.A', synced: '1' },
  ])
  expect(driftOf(live('Secret', { data: { A: 'YQ==' } }, { data: { A: 'Yg==' } }))).toEqual([
    { path: 'data.A' },
  ])
})

test('without a copy of what was synced nothing can be said', () => {
  expect(driftOf(object('ConfigMap', 'x'))).toBeUndefined()
})

test('what the server does not keep is no drift: zero values and empty lists', () => {
  const probe = { initialDelaySeconds: 0, path: '' }
  const synced = { hostNetwork: false, volumes: [], probe }
  expect(driftOf(live('Pod', { spec: synced }, { spec: { probe: {} } }))).toEqual([])
  expect(driftOf(live('Pod', { spec: { replicas: 1 } }, { spec: {} }))).toHaveLength(1)
})
