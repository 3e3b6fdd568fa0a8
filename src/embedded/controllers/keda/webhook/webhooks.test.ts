import { afterEach, beforeEach, expect, it } from 'vitest'
import { FakeClock } from '../../../../lib/clock.ts'
import { type Api, createApi } from '../../../api/index.ts'
import type { Manifest } from '../../../objects.ts'
import { createCatalog, operatorCrds } from '../../../schema/index.ts'
import { externalSecretsWebhooks } from '../../external-secrets/webhook/webhooks.ts'
import { SCALED_OBJECTS } from '../resources.ts'
import { kedaWebhooks } from './webhooks.ts'

let api: Api
beforeEach(() => {
  api = createApi({
    catalog: createCatalog(),
    clock: new FakeClock(),
    allocator: { allocate: () => '127.1.0.1', reserve: () => undefined },
    webhooks: (client) => [...kedaWebhooks(client), ...externalSecretsWebhooks()],
  })
  for (const crd of operatorCrds()) {
    api.client.create('apiextensions.k8s.io/v1/customresourcedefinitions', crd)
  }
  api.client.create('v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } })
})
afterEach(() => api[Symbol.dispose]())

const scaledObject = (name: string, spec: object = {}): Manifest => ({
  apiVersion: 'keda.sh/v1alpha1',
  kind: 'ScaledObject',
  metadata: { name, namespace: 'n', finalizers: ['finalizer.keda.sh'] },
  spec: {
    scaleTargetRef: { name: 'worker' },
    triggers: [{ type: 'rabbitmq', metadata: { queueName: 'q', mode: 'QueueLength', value: '5' } }],
    ...spec,
  },
})

it('a second ScaledObject of one workload is refused as the API server words it', () => {
  api.client.create(SCALED_OBJECTS, scaledObject('first'))
  expect(() => api.client.create(SCALED_OBJECTS, scaledObject('second'))).toThrow(
    `admission webhook "vscaledobject.kb.io" denied the request: the workload 'worker' of type 'apps/v1.Deployment' is already managed by the ScaledObject 'first'`,
  )
  expect(api.client.get(SCALED_OBJECTS, 'n', 'second')).toBeUndefined()
})

it('an edit that makes it invalid is refused; its status is nobody’s business', () => {
  const made = api.client.create(SCALED_OBJECTS, scaledObject('so'))
  const trigger = { name: 'x', type: 'rabbitmq', metadata: { queueName: 'q' } }
  expect(() =>
    api.client.patch(
      SCALED_OBJECTS,
      'n',
      'so',
      { spec: { triggers: [trigger, trigger] } },
      { type: 'merge' },
    ),
  ).toThrow(/"vscaledobject.kb.io" denied the request: triggerName "x" is defined multiple times/)
  const status = { ...made, status: { hpaName: 'h' } }
  expect(api.client.update(SCALED_OBJECTS, status, { subresource: 'status' }).status).toEqual({
    hpaName: 'h',
  })
})

it('what became invalid can still go', () => {
  api.client.create(SCALED_OBJECTS, scaledObject('so'))
  const hpa = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'foreign', namespace: 'n' },
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'worker' }, maxReplicas: 2 },
  }
  api.client.create('autoscaling/v2/horizontalpodautoscalers', hpa)
  const label = { metadata: { labels: { a: 'b' } } }
  expect(() => api.client.patch(SCALED_OBJECTS, 'n', 'so', label, { type: 'merge' })).toThrow(
    /already managed by the hpa 'foreign'/,
  )
  api.client.delete(SCALED_OBJECTS, 'n', 'so')
  api.client.patch(SCALED_OBJECTS, 'n', 'so', { metadata: { finalizers: null } }, { type: 'merge' })
  expect(api.client.get(SCALED_OBJECTS, 'n', 'so')).toBeUndefined()
})

it('an ExternalSecret without data is refused', () => {
  const external = {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: { name: 'es', namespace: 'n' },
    spec: { secretStoreRef: { name: 's' } },
  }
  expect(() => api.client.create('external-secrets.io/v1/externalsecrets', external)).toThrow(
    'admission webhook "validate.externalsecret.external-secrets.io" denied the request: either data or dataFrom should be specified',
  )
})
