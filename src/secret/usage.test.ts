import { expect, test } from 'vitest'
import type { KubeObject } from '../lib/kube/object.ts'
import { missingKeys, readersOf, scalersWith, workloadsWith } from './usage.ts'

const object = (kind: string, name: string, spec: object): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name },
  spec,
})
const changes = new Map([['rabbitmq', { PASS: 'new' }]])

test('readers are found by path and property, with or without the mount, and by extract', () => {
  const data = (key: string, property: string) => [{ secretKey: 'P', remoteRef: { key, property } }]
  const found = readersOf(
    [
      object('ExternalSecret', 'with-mount', { data: data('team1/rabbitmq', 'PASS') }),
      object('ExternalSecret', 'without', { target: { name: 's' }, data: data('rabbitmq', 'PASS') }),
      object('ExternalSecret', 'other-key', { data: data('rabbitmq', 'USER') }),
      object('ExternalSecret', 'other-path', { data: data('old-rabbitmq', 'PASS') }),
      object('ExternalSecret', 'whole', { dataFrom: [{ extract: { key: 'team1/rabbitmq' } }] }),
      object('ExternalSecret', 'made', { target: { template: {} }, data: data('rabbitmq', 'PASS') }),
    ],
    changes,
  )
  expect(found).toEqual([
    { name: 'with-mount', secret: 'with-mount', expected: [{ key: 'P', value: 'new' }] },
    { name: 'without', secret: 's', expected: [{ key: 'P', value: 'new' }] },
    { name: 'whole', secret: 'whole', expected: [{ key: 'PASS', value: 'new' }] },
    { name: 'made', secret: 'made', expected: [] },
  ])
})

test('only environments keep old values: a mounted Secret is not a reason to restart', () => {
  const workload = (name: string, pod: object) => object('Deployment', name, { template: { spec: pod } })
  const using = workloadsWith(
    [
      workload('from', {
        containers: [{ envFrom: [{ configMapRef: { name: 's' } }, { secretRef: { name: 's' } }] }],
      }),
      workload('init', {
        initContainers: [{ env: [{ name: 'P', valueFrom: { secretKeyRef: { name: 's', key: 'P' } } }] }],
        containers: [{}],
      }),
      workload('mounted', { containers: [{}], volumes: [{ secret: { secretName: 's' } }] }),
      workload('none', { containers: [{ envFrom: [{ secretRef: { name: 'other' } }] }] }),
    ],
    new Set(['s']),
  )
  expect(using.map(({ metadata }) => metadata.name)).toEqual(['from', 'init'])
})

test('scalers are found through their TriggerAuthentication', () => {
  const authentication = object('TriggerAuthentication', 'auth', { secretTargetRef: [{ name: 's' }] })
  const scaler = (name: string, ref?: string) =>
    object('ScaledObject', name, {
      triggers: [{ type: 'rabbitmq', ...(ref ? { authenticationRef: { name: ref } } : {}) }],
    })
  const found = scalersWith(
    [scaler('a', 'auth'), scaler('b'), scaler('c', 'other')],
    [authentication],
    new Set(['s']),
  )
  expect(found.map(({ metadata }) => metadata.name)).toEqual(['a'])
})

test('a Secret lacks what it does not hold with the new value', () => {
  const secret = { ...object('Secret', 's', {}), data: { A: btoa('new'), B: btoa('old') } }
  const wanted = ['A', 'B', 'C'].map((key) => ({ key, value: 'new' }))
  expect(missingKeys(secret, wanted)).toEqual(['B', 'C'])
  expect(missingKeys(undefined, wanted)).toEqual(['A', 'B', 'C'])
})
