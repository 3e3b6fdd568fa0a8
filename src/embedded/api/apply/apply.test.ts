import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ApiError } from '../../errors.ts'
import type { KubeObject } from '../../objects.ts'
import { deployment, type FakeApi, fakeApi } from '../testing/fake-api.ts'

const DEPLOYMENTS = 'apps/v1/deployments'
let api: FakeApi
beforeEach(() => {
  api = fakeApi()
})
afterEach(() => api[Symbol.dispose]())

function apply(spec: object, fieldManager: string, force = false): KubeObject {
  const body = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec }
  return api.client.patch(DEPLOYMENTS, 'default', 'web', body, {
    type: 'apply',
    fieldManager,
    ...(force ? { force } : {}),
  })
}

function containers(...list: object[]): object {
  return { template: { spec: { containers: list } } }
}

function names(object: KubeObject): string[] {
  return object.spec.template.spec.containers.map((each: any) => each.name)
}

function owners(object: KubeObject): Record<string, any> {
  return Object.fromEntries(
    object.metadata.managedFields!.map(({ manager, fieldsV1 }) => [manager, fieldsV1]),
  )
}

function conflict(act: () => unknown): ApiError {
  try {
    act()
  } catch (thrown) {
    if (thrown instanceof ApiError) return thrown
    throw thrown
  }
  throw new Error('no conflict')
}

it('creates, owns what was applied and nothing else', () => {
  const made = apply({ replicas: 2, ...containers({ name: 'a', image: '1' }) }, 'one')
  expect(made.metadata.managedFields).toEqual([
    {
      manager: 'one',
      operation: 'Apply',
      apiVersion: 'apps/v1',
      time: '2026-01-01T00:00:00Z',
      fieldsType: 'FieldsV1',
      fieldsV1: {
        'f:spec': {
          'f:replicas': {},
          'f:template': {
            'f:spec': { 'f:containers': { 'k:{"name":"a"}': { '.': {}, 'f:image': {}, 'f:name': {} } } },
          },
        },
      },
    },
  ])
})

it('does not write what is applied already', () => {
  const made = apply({ replicas: 2 }, 'one')
  void api.clock.advance(5000)
  expect(apply({ replicas: 2 }, 'one').metadata.resourceVersion).toBe(made.metadata.resourceVersion)
})

it('removes what is applied no more, unless another manager owns it', () => {
  apply(containers({ name: 'a', image: '1' }, { name: 'b', image: '1' }, { name: 'c' }), 'one')
  apply(containers({ name: 'b', image: '1' }), 'two')
  const left = apply(containers({ name: 'c' }), 'one')
  expect(names(left)).toEqual(['b', 'c'])
  expect(left.spec.template.spec.containers[0]).toEqual({ name: 'b', image: '1' })
})

it('drops a struct with its last applied field', () => {
  apply({ paused: true, strategy: { type: 'Recreate' } }, 'one')
  expect(apply({ paused: true }, 'one').spec.strategy).toBeUndefined()
})

describe('conflicts', () => {
  it('names the field, the manager and how it wrote', () => {
    api.client.create(DEPLOYMENTS, deployment('web', { replicas: 3 }), { fieldManager: 'creator' })
    const refused = conflict(() => apply({ replicas: 5 }, 'one'))
    expect(refused.code).toBe(409)
    expect(refused.message).toBe(
      'Apply failed with 1 conflict: conflict with "creator" using apps/v1: .spec.replicas',
    )
    expect(refused.details?.causes).toEqual([
      {
        reason: 'FieldManagerConflict',
        message: 'conflict with "creator" using apps/v1',
        field: '.spec.replicas',
      },
    ])
  })

  it('lists many', () => {
    apply({ replicas: 1, ...containers({ name: 'a', image: '1' }) }, 'one')
    const refused = conflict(() => apply({ replicas: 2, ...containers({ name: 'a', image: '2' }) }, 'two'))
    expect(refused.message).toBe(
      'Apply failed with 2 conflicts: conflicts with "one":\n- .spec.replicas\n- .spec.template.spec.containers[name="a"].image',
    )
  })

  it('are none where the value is the same: both own it', () => {
    apply({ replicas: 2 }, 'one')
    const both = owners(apply({ replicas: 2 }, 'two'))
    expect(both.one['f:spec']).toEqual({ 'f:replicas': {} })
    expect(both.two['f:spec']).toEqual({ 'f:replicas': {} })
  })

  it('give way to force', () => {
    apply({ replicas: 2, paused: true }, 'one')
    const forced = owners(apply({ replicas: 3 }, 'two', true))
    expect(forced.one['f:spec']).toEqual({ 'f:paused': {} })
    expect(forced.two['f:spec']).toEqual({ 'f:replicas': {} })
  })
})

it('takes fields from appliers when an update changes them, and only then', () => {
  const made = apply({ replicas: 2, paused: true }, 'one')
  const updated = api.client.update(
    DEPLOYMENTS,
    { ...made, spec: { ...made.spec, replicas: 7 } },
    { fieldManager: 'scaler' },
  )
  expect(owners(updated)).toMatchObject({
    one: { 'f:spec': { 'f:paused': {} } },
    scaler: { 'f:spec': { 'f:replicas': {} } },
  })
  expect(conflict(() => apply({ replicas: 2, paused: true }, 'one')).message).toContain('"scaler"')
})

it('tells of /scale and /status as subresources', () => {
  apply({ replicas: 1 }, 'one')
  api.client.setScale(DEPLOYMENTS, 'default', 'web', 4, { fieldManager: 'hpa' })
  const current = api.client.get(DEPLOYMENTS, 'default', 'web')!
  const written = api.client.update(
    DEPLOYMENTS,
    { ...current, status: { replicas: 4 } },
    { fieldManager: 'controller', subresource: 'status' },
  )
  const entries = written.metadata.managedFields!
  expect(entries.find(({ manager }) => manager === 'hpa')).toMatchObject({ subresource: 'scale' })
  expect(entries.find(({ manager }) => manager === 'controller')).toMatchObject({
    subresource: 'status',
    fieldsV1: { 'f:status': {} },
  })
  expect(conflict(() => apply({ replicas: 1 }, 'one')).message).toContain(
    'conflict with "hpa" with subresource "scale" using apps/v1: .spec.replicas',
  )
})

it('refuses fields that the schema lacks, and duplicate items', () => {
  expect(conflict(() => apply({ nonsense: 1 }, 'one'))).toMatchObject({
    code: 500,
    message:
      'failed to create typed patch object (default/web; apps/v1, Kind=Deployment): .spec.nonsense: field not declared in schema',
  })
  expect(conflict(() => apply(containers({ name: 'a' }, { name: 'a' }), 'one')).message).toContain(
    'duplicate entries for key [name="a"]',
  )
})

it('refuses bodies of another type and applies without a manager', () => {
  const patch = (body: object, fieldManager?: string) => () =>
    api.client.patch(DEPLOYMENTS, 'default', 'web', body, {
      type: 'apply',
      ...(fieldManager ? { fieldManager } : {}),
    })
  expect(conflict(patch({}))).toMatchObject({ code: 422 })
  expect(conflict(patch({ apiVersion: 'v1', kind: 'Deployment' }, 'm')).message).toBe(
    'Incorrect version specified in apply patch. Specified patch version: v1, expected: apps/v1',
  )
})

it('begins tracking objects without managedFields at their first apply', () => {
  const made = api.client.create(DEPLOYMENTS, deployment('web', { replicas: 3 }))
  const cleared = api.client.update(DEPLOYMENTS, {
    ...made,
    metadata: { ...made.metadata, managedFields: [{}] as any },
  })
  expect(cleared.metadata.managedFields).toBeUndefined()
  expect(conflict(() => apply({ replicas: 4 }, 'one')).message).toContain(
    '"before-first-apply" using apps/v1',
  )
})

it('keeps live items in their order and applied ones in theirs', () => {
  api.client.create(DEPLOYMENTS, {
    ...deployment('web'),
    spec: { template: { spec: { containers: [{ name: 'x' }, { name: 'b' }, { name: 'y' }] } } },
  })
  expect(names(apply(containers({ name: 'a' }, { name: 'b' }, { name: 'c' }), 'one'))).toEqual([
    'a',
    'x',
    'b',
    'c',
    'y',
  ])
})

it('an update of a value stamps its manager, though its fields stay the same; an idle one does not', async () => {
  const made = api.client.create(DEPLOYMENTS, deployment('web', { replicas: 1 }), { fieldManager: 'one' })
  const times = (object: KubeObject) => object.metadata.managedFields!.map(({ time }) => time)
  await api.clock.advance(60_000)
  const idle = api.client.update(DEPLOYMENTS, made, { fieldManager: 'one' })
  expect(times(idle)).toEqual(times(made))
  const spec = { ...made.spec, replicas: 2 }
  const changed = api.client.update(DEPLOYMENTS, { ...idle, spec }, { fieldManager: 'one' })
  expect(times(changed)).toEqual(['2026-01-01T00:01:00Z'])
})
