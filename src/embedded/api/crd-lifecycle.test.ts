import { afterEach, beforeEach, expect, it } from 'vitest'
import { isStatus } from '../errors.ts'
import type { KubeObject, Manifest } from '../objects.ts'
import { type FakeApi, fakeApi } from './testing/fake-api.ts'

const CRDS = 'apiextensions.k8s.io/v1/customresourcedefinitions'
const WIDGETS = 'example.com/v1/widgets'
let api: FakeApi
beforeEach(() => {
  api = fakeApi()
})
afterEach(() => api[Symbol.dispose]())

function definition(plural = 'widgets', kind = 'Widget'): Manifest {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.example.com` },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural, kind, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [
        { name: 'v1', served: true, storage: true, subresources: { status: {} } },
        { name: 'v1beta1', served: true, storage: false },
      ],
    },
  }
}

function widget(name: string, metadata: object = {}): Manifest {
  return {
    apiVersion: 'example.com/v1',
    kind: 'Widget',
    metadata: { name, namespace: 'default', ...metadata },
    spec: { size: 1 },
  }
}

function condition(type: string, name = 'widgets.example.com'): any {
  return api.client
    .get(CRDS, undefined, name)
    ?.status.conditions.find((each: { type: string }) => each.type === type)
}

it('is served, then Established', () => {
  api.client.create(CRDS, definition())
  expect(condition('NamesAccepted')).toMatchObject({ status: 'True', reason: 'NoConflicts' })
  expect(condition('Established')).toMatchObject({ status: 'True', reason: 'InitialNamesAccepted' })
  const made = api.client.create(WIDGETS, widget('w'))
  expect(made.metadata.generation).toBe(1)
  expect(api.client.get('example.com/v1beta1/widgets', 'default', 'w')?.apiVersion).toBe(
    'example.com/v1beta1',
  )
  expect(api.client.resourceFor('example.com/v1', 'Widget')).toBe(WIDGETS)
})

it('refuses names that are taken', () => {
  api.client.create(CRDS, definition())
  api.client.create(CRDS, definition('gadgets', 'Widget'))
  expect(condition('NamesAccepted', 'gadgets.example.com')).toMatchObject({
    status: 'False',
    reason: 'SingularConflict',
    message: '"widget" is already in use',
  })
  expect(condition('Established', 'gadgets.example.com')).toMatchObject({
    status: 'False',
    reason: 'NotAccepted',
  })
})

it('takes its instances along, and waits for their finalizers', () => {
  api.client.create(CRDS, definition())
  api.client.create(WIDGETS, widget('free'))
  api.client.create(WIDGETS, widget('held', { finalizers: ['example.com/hold'] }))
  api.client.delete(CRDS, undefined, 'widgets.example.com')
  expect(api.client.list(WIDGETS).map(({ metadata }) => metadata.name)).toEqual(['held'])
  expect(condition('Terminating')).toMatchObject({ status: 'True', reason: 'InstanceDeletionInProgress' })
  expect(() => api.client.create(WIDGETS, widget('late'))).toThrow(
    'widgets.example.com "late" is forbidden: create not allowed while custom resource definition is terminating',
  )
  const held = api.client.get(WIDGETS, 'default', 'held') as KubeObject
  const { finalizers: _, ...metadata } = held.metadata
  api.client.update(WIDGETS, { ...held, metadata })
  expect(api.client.get(CRDS, undefined, 'widgets.example.com')).toBeUndefined()
  try {
    api.client.list(WIDGETS)
    expect.unreachable()
  } catch (thrown) {
    expect(isStatus(thrown, 404)).toBe(true)
  }
})

it('goes at once without instances', () => {
  api.client.create(CRDS, definition())
  api.client.delete(CRDS, undefined, 'widgets.example.com')
  expect(api.client.get(CRDS, undefined, 'widgets.example.com')).toBeUndefined()
})
