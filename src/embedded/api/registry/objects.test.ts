import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ApiError } from '../../errors.ts'
import { configMap, deployment, type FakeApi, fakeApi, namespace, pod } from '../testing/fake-api.ts'

let api: FakeApi
beforeEach(() => {
  api = fakeApi()
})
afterEach(() => api[Symbol.dispose]())

const DEPLOYMENTS = 'apps/v1/deployments'

function thrown(act: () => unknown): ApiError {
  try {
    act()
  } catch (error) {
    if (error instanceof ApiError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('create', () => {
  it('fills in what only the server sets', () => {
    const made = api.client.create(DEPLOYMENTS, deployment('web'), { fieldManager: 'me' })
    expect(made.metadata).toMatchObject({
      name: 'web',
      generation: 1,
      creationTimestamp: '2026-01-01T00:00:00Z',
      uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      resourceVersion: String(api.store.revision),
    })
    expect(made.spec.replicas).toBe(1)
    expect(made.metadata.managedFields).toMatchObject([{ manager: 'me', operation: 'Update' }])
    expect(Object.isFrozen(made.spec.template)).toBe(true)
  })

  it('makes names from generateName', () => {
    const body = { ...pod(''), metadata: { generateName: 'web-', namespace: 'default' } }
    const made = api.client.create('v1/pods', body)
    expect(made.metadata.name).toMatch(/^web-[bcdfghjklmnpqrstvwxz2-9]{5}$/)
  })

  it('refuses a second object of the name, a missing and a going namespace', () => {
    api.client.create('v1/configmaps', configMap('a'))
    expect(thrown(() => api.client.create('v1/configmaps', configMap('a')))).toMatchObject({
      code: 409,
      reason: 'AlreadyExists',
      message: 'configmaps "a" already exists',
    })
    const elsewhere = (ns: string) => ({ ...configMap('b'), metadata: { name: 'b', namespace: ns } })
    expect(thrown(() => api.client.create('v1/configmaps', elsewhere('nowhere')))).toMatchObject({
      code: 404,
      message: 'namespaces "nowhere" not found',
    })
    api.client.create('v1/namespaces', namespace('going'))
    api.client.delete('v1/namespaces', undefined, 'going')
    const refused = thrown(() => api.client.create('v1/configmaps', elsewhere('going')))
    expect(refused.code).toBe(403)
    expect(refused.details?.causes?.[0]?.reason).toBe('NamespaceTerminating')
  })

  it('stores nothing on a dry run', () => {
    const made = api.client.create('v1/configmaps', configMap('a'), { dryRun: true })
    expect(made.metadata.uid).not.toBe('')
    expect(made.metadata.resourceVersion).toBe('')
    expect(api.client.get('v1/configmaps', 'default', 'a')).toBeUndefined()
  })

  it('drops a status that a client sends along', () => {
    const made = api.client.create(DEPLOYMENTS, { ...deployment('web'), status: { replicas: 7 } })
    expect(made.status).toEqual({})
  })

  it('folds stringData into data', () => {
    const made = api.client.create('v1/secrets', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace: 'default' },
      stringData: { user: 'a' },
    })
    expect(made.data).toEqual({ user: Buffer.from('a').toString('base64') })
    expect(made.stringData).toBeUndefined()
  })

  it('gives Services addresses, and keeps them', () => {
    const service = (name: string, spec: object) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'default' },
      spec: { ports: [{ port: 80 }], ...spec },
    })
    const made = api.client.create('v1/services', service('a', {}))
    expect(made.spec).toMatchObject({ clusterIP: '127.96.0.1', clusterIPs: ['127.96.0.1'] })
    const updated = api.client.update('v1/services', {
      ...service('a', { ports: [{ port: 81 }] }),
    } as any)
    expect(updated.spec.clusterIP).toBe('127.96.0.1')
    expect(api.client.create('v1/services', service('b', { clusterIP: 'None' })).spec.clusterIP).toBe('None')
  })
})

describe('update', () => {
  it('keeps status apart from spec, and counts generations', () => {
    const made = api.client.create(DEPLOYMENTS, deployment('web'))
    const withStatus = api.client.update(
      DEPLOYMENTS,
      { ...made, spec: { ...made.spec, replicas: 9 }, status: { replicas: 1 } },
      { subresource: 'status' },
    )
    expect(withStatus.spec.replicas).toBe(1)
    expect(withStatus.metadata.generation).toBe(1)
    const scaled = api.client.update(DEPLOYMENTS, {
      ...withStatus,
      spec: { ...made.spec, replicas: 3 },
      status: {},
    })
    expect(scaled.status).toEqual({ replicas: 1 })
    expect(scaled.metadata.generation).toBe(2)
  })

  it('lets a Deployment be annotated with its status, which is no new generation', () => {
    const made = api.client.create(DEPLOYMENTS, deployment('web'))
    const annotated = api.client.patch(
      DEPLOYMENTS,
      made.metadata.namespace,
      'web',
      { metadata: { annotations: { revision: '1' }, labels: { not: 'kept' } } },
      { type: 'merge', subresource: 'status' },
    )
    expect(annotated.metadata).toMatchObject({ generation: 1, annotations: { revision: '1' } })
    expect(annotated.metadata.labels?.not).toBeUndefined()
    const again = api.client.patch(
      DEPLOYMENTS,
      made.metadata.namespace,
      'web',
      { metadata: { annotations: { revision: '2' } } },
      { type: 'merge' },
    )
    expect(again.metadata.generation).toBe(2)
  })

  it('refuses a stale resourceVersion and takes an absent one', () => {
    const made = api.client.create('v1/configmaps', configMap('a'))
    api.client.update('v1/configmaps', { ...made, data: { x: '1' } })
    expect(thrown(() => api.client.update('v1/configmaps', { ...made, data: { x: '2' } }))).toMatchObject({
      code: 409,
      message:
        'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
    })
    expect(api.client.update('v1/configmaps', configMap('a', { x: '3' }) as any).data).toEqual({ x: '3' })
  })

  it('does not write what changes nothing', () => {
    const made = api.client.create('v1/configmaps', configMap('a', { x: '1' }), { fieldManager: 'm' })
    api.clock.advance(5000)
    const again = api.client.update('v1/configmaps', { ...made }, { fieldManager: 'm' })
    expect(again.metadata.resourceVersion).toBe(made.metadata.resourceVersion)
  })

  it('answers the same for a dry run and stores nothing', () => {
    const made = api.client.create('v1/configmaps', configMap('a'))
    const would = api.client.update('v1/configmaps', { ...made, data: { x: '1' } }, { dryRun: true })
    expect(would.data).toEqual({ x: '1' })
    expect(api.client.get('v1/configmaps', 'default', 'a')).toBe(made)
  })
})

describe('delete', () => {
  it('ends pods that no node runs at once, and others gracefully', () => {
    api.client.create('v1/pods', pod('free'))
    expect(api.client.delete('v1/pods', 'default', 'free')).toBeUndefined()

    api.client.create('v1/pods', pod('bound', { nodeName: 'n1', terminationGracePeriodSeconds: 20 }))
    expect(api.client.delete('v1/pods', 'default', 'bound')?.metadata).toMatchObject({
      deletionTimestamp: '2026-01-01T00:00:20Z',
      deletionGracePeriodSeconds: 20,
      generation: 2,
    })
    const longer = api.client.delete('v1/pods', 'default', 'bound', { gracePeriodSeconds: 60 })
    expect(longer?.metadata.deletionGracePeriodSeconds).toBe(20)
    const shorter = api.client.delete('v1/pods', 'default', 'bound', { gracePeriodSeconds: 5 })
    expect(shorter?.metadata.deletionTimestamp).toBe('2026-01-01T00:00:05Z')
    expect(api.client.delete('v1/pods', 'default', 'bound', { gracePeriodSeconds: 0 })).toBeUndefined()
    expect(api.client.get('v1/pods', 'default', 'bound')).toBeUndefined()
  })

  it('waits for finalizers', () => {
    const body = configMap('a')
    body.metadata.finalizers = ['example.com/hold']
    api.client.create('v1/configmaps', body)
    const going = api.client.delete('v1/configmaps', 'default', 'a')!
    expect(going.metadata.deletionTimestamp).toBeDefined()
    const { finalizers: _, ...metadata } = going.metadata
    api.client.update('v1/configmaps', { ...going, metadata })
    expect(api.client.get('v1/configmaps', 'default', 'a')).toBeUndefined()
  })

  it('turns propagation policies into finalizers', () => {
    const held = (name: string, policy: 'Foreground' | 'Orphan' | 'Background') => {
      api.client.create(DEPLOYMENTS, deployment(name))
      return api.client.delete(DEPLOYMENTS, 'default', name, { propagationPolicy: policy })?.metadata
        .finalizers
    }
    expect(held('a', 'Foreground')).toEqual(['foregroundDeletion'])
    expect(held('b', 'Orphan')).toEqual(['orphan'])
    expect(held('c', 'Background')).toBeUndefined()
  })

  it('checks preconditions', () => {
    const made = api.client.create('v1/configmaps', configMap('a'))
    const refused = thrown(() =>
      api.client.delete('v1/configmaps', 'default', 'a', { preconditions: { uid: 'other' } }),
    )
    expect(refused).toMatchObject({ code: 409 })
    expect(refused.message).toContain('the UID in the precondition (other) does not match')
    api.client.delete('v1/configmaps', 'default', 'a', { preconditions: { uid: made.metadata.uid } })
    expect(thrown(() => api.client.delete('v1/configmaps', 'default', 'a')).code).toBe(404)
  })

  it('removes a namespace once it is finalized', () => {
    api.client.create('v1/namespaces', namespace('x'))
    const going = api.client.delete('v1/namespaces', undefined, 'x')!
    expect(going.status.phase).toBe('Terminating')
    api.client.update('v1/namespaces', { ...going, spec: { finalizers: [] } }, { subresource: 'finalize' })
    expect(api.client.get('v1/namespaces', undefined, 'x')).toBeUndefined()
  })
})

describe('list and watch', () => {
  it('selects by labels and fields', () => {
    for (const name of ['a', 'b', 'c']) {
      const body = pod(name, name === 'c' ? { nodeName: 'n1' } : {})
      body.metadata.labels = { app: name, tier: 'x' }
      api.client.create('v1/pods', body)
    }
    const names = (options: object) => api.client.list('v1/pods', options).map((each) => each.metadata.name)
    expect(names({ labelSelector: 'app in (a,b),tier=x' })).toEqual(['a', 'b'])
    expect(
      names({ labelSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['a'] }] } }),
    ).toEqual(['b', 'c'])
    expect(names({ labelSelector: '!app' })).toEqual([])
    expect(names({ fieldSelector: 'spec.nodeName=n1' })).toEqual(['c'])
    expect(names({ fieldSelector: 'metadata.name!=a,spec.nodeName=' })).toEqual(['b'])
    expect(thrown(() => names({ fieldSelector: 'spec.foo=1' })).message).toBe(
      'field label not supported: spec.foo',
    )
  })

  it('tells of what is there, and then of every change in order', () => {
    api.client.create('v1/configmaps', configMap('a'))
    const seen: string[] = []
    const watch = api.client.watch('v1/configmaps', ({ type, object }) => {
      seen.push(`${type} ${object.metadata.name}`)
      // A write from within a handler is told after what led to it.
      if (type === 'ADDED' && object.metadata.name === 'a') api.client.create('v1/configmaps', configMap('b'))
    })
    api.client.patch('v1/configmaps', 'default', 'a', { data: { x: '1' } }, { type: 'merge' })
    api.client.delete('v1/configmaps', 'default', 'b')
    watch[Symbol.dispose]()
    api.client.create('v1/configmaps', configMap('c'))
    expect(seen).toEqual(['ADDED a', 'ADDED b', 'MODIFIED a', 'DELETED b'])
  })
})

describe('scale', () => {
  it('reads and writes replicas', () => {
    api.client.create(DEPLOYMENTS, deployment('web'))
    expect(api.client.getScale(DEPLOYMENTS, 'default', 'web')).toMatchObject({
      replicas: 1,
      selector: 'app=web',
    })
    expect(api.client.setScale(DEPLOYMENTS, 'default', 'web', 4).replicas).toBe(4)
    const web = api.client.get(DEPLOYMENTS, 'default', 'web')!
    expect(web.spec.replicas).toBe(4)
    expect(web.metadata.generation).toBe(2)
  })
})
