import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiError } from '../../errors.ts'
import type { ExternalMetrics } from '../../metrics.ts'
import { deployment, manifest } from '../testing/builders.ts'
import { TestCluster } from '../testing/cluster.ts'
import { kedaControllers } from './keda.ts'
import { HPAS, SCALED_OBJECTS, SECRETS, TRIGGER_AUTHENTICATIONS } from './resources.ts'
import type { ScaledObject, ScaledObjectSpec } from './types.ts'

const NS = 'default'
const DEPLOYMENTS = 'apps/v1/deployments'
const base64 = (text: string) => Buffer.from(text).toString('base64')

/** A management API with one queue whose length, and accepted password, the test sets. */
class FakeBroker {
  messages = 0
  password = 'first'
  requests = 0
  readonly #server: Server

  constructor() {
    this.#server = createServer((request, response) => {
      this.requests++
      const accepted = request.headers.authorization === `Basic ${base64(`user:${this.password}`)}`
      if (!accepted) response.writeHead(401).end('{}')
      else if (!request.url?.endsWith('/orders')) response.writeHead(404).end('{"error":"Object Not Found"}')
      else response.end(JSON.stringify({ messages: this.messages }))
    })
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }
}

let broker: FakeBroker
let cluster: TestCluster
let metrics: ExternalMetrics

beforeEach(async () => {
  broker = new FakeBroker()
  await broker.listen()
  const keda = kedaControllers({
    lookup: (hostname) => (hostname === 'rabbit.default.svc.cluster.local' ? '127.0.0.1' : undefined),
  })
  metrics = keda.externalMetrics
  cluster = new TestCluster(keda.controllers)
  cluster.client.create(DEPLOYMENTS, deployment('worker', { replicas: 0 }))
  cluster.client.create(SECRETS, {
    ...manifest('v1', 'Secret', 'broker'),
    data: { user: base64('user'), password: base64('first') },
  })
  cluster.client.create(
    TRIGGER_AUTHENTICATIONS,
    manifest('keda.sh/v1alpha1', 'TriggerAuthentication', 'auth', {
      spec: {
        secretTargetRef: [
          { parameter: 'username', name: 'broker', key: 'user' },
          { parameter: 'password', name: 'broker', key: 'password' },
        ],
      },
    }),
  )
})

afterEach(async () => {
  await cluster[Symbol.asyncDispose]()
  broker.close()
})

function addScaledObject(spec: Partial<ScaledObjectSpec> = {}, annotations = {}): void {
  const object = manifest('keda.sh/v1alpha1', 'ScaledObject', 'worker', {
    metadata: { annotations },
    spec: {
      scaleTargetRef: { name: 'worker' },
      pollingInterval: 5,
      cooldownPeriod: 20,
      minReplicaCount: 0,
      maxReplicaCount: 5,
      triggers: [trigger()],
      ...spec,
    },
  })
  cluster.client.create(SCALED_OBJECTS, object)
}

function trigger(queueName = 'orders') {
  const host = `http://rabbit.default.svc.cluster.local:${broker.port}`
  return {
    type: 'rabbitmq',
    metadata: { host, queueName, queueLength: '10' },
    authenticationRef: { name: 'auth' },
  }
}

const scaledObject = () => cluster.client.get(SCALED_OBJECTS, NS, 'worker') as ScaledObject
const hpa = () => cluster.client.get(HPAS, NS, 'keda-hpa-worker')
const replicas = () => cluster.client.get(DEPLOYMENTS, NS, 'worker')?.spec.replicas
const condition = (type: string) => scaledObject().status?.conditions?.find((c) => c.type === type)

async function eventually(what: () => void): Promise<void> {
  await vi.waitFor(
    async () => {
      await cluster.settle()
      what()
    },
    { timeout: 5000, interval: 5 },
  )
}

/** Moves time by one polling interval and waits until the check is done: it arms the timer of the next one. */
async function poll(): Promise<void> {
  const armed = vi.spyOn(cluster.clock, 'after')
  await cluster.advance(5000, 5000)
  await eventually(() => expect(armed).toHaveBeenCalled())
}

describe('ScaledObject', () => {
  it('makes the HPA and becomes Ready and idle', async () => {
    addScaledObject()
    await eventually(() => expect(condition('Active')?.status).toBe('False'))
    expect(hpa()?.spec).toEqual({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'worker' },
      minReplicas: 1,
      maxReplicas: 5,
      metrics: [
        {
          type: 'External',
          external: {
            metric: {
              name: 's0-rabbitmq-orders',
              selector: { matchLabels: { 'scaledobject.keda.sh/name': 'worker' } },
            },
            target: { type: 'AverageValue', averageValue: '10' },
          },
        },
      ],
    })
    expect(scaledObject().metadata).toMatchObject({
      finalizers: ['finalizer.keda.sh'],
      labels: { 'scaledobject.keda.sh/name': 'worker' },
    })
    expect(scaledObject().status).toEqual({
      scaleTargetKind: 'apps/v1.Deployment',
      scaleTargetGVKR: { group: 'apps', version: 'v1', kind: 'Deployment', resource: 'deployments' },
      originalReplicaCount: 0,
      externalMetricNames: ['s0-rabbitmq-orders'],
      hpaName: 'keda-hpa-worker',
      triggersTypes: 'rabbitmq',
      authenticationsTypes: 'auth',
      triggersActivity: { 's0-rabbitmq-orders': { isActive: false } },
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'ScaledObjectReady',
          message: 'ScaledObject is defined correctly and is ready for scaling',
        },
        {
          type: 'Active',
          status: 'False',
          reason: 'ScalerNotActive',
          message: 'Scaling is not performed because triggers are not active',
        },
        {
          type: 'Fallback',
          status: 'False',
          reason: 'NoFallbackFound',
          message: 'No fallbacks are active on this scaled object',
        },
        { type: 'Paused', status: 'False' },
      ],
    })
    expect(cluster.events('keda-operator')).toEqual(
      expect.arrayContaining([
        'KEDAScalersStarted: Scaler rabbitmq is built',
        'KEDAScalersStarted: Started scalers watch',
        'ScaledObjectReady: ScaledObject is ready for scaling',
      ]),
    )
    expect(cluster.client.get(TRIGGER_AUTHENTICATIONS, NS, 'auth')?.status?.scaledobjects).toBe('worker')
  })

  it('activates on the first message, cools down, and returns to zero', async () => {
    addScaledObject()
    await eventually(() => expect(condition('Active')?.status).toBe('False'))
    broker.messages = 3
    await poll()
    expect(replicas()).toBe(1)
    expect(condition('Active')).toMatchObject({ status: 'True', reason: 'ScalerActive' })
    expect(cluster.events('keda-operator')).toContain(
      'KEDAScaleTargetActivated: Scaled apps/v1.Deployment default/worker from 0 to 1, triggered by s0-rabbitmq-orders',
    )
    broker.messages = 0
    for (let round = 0; round < 4; round++) {
      await poll()
      expect(replicas()).toBe(1)
      expect(condition('Active')?.reason).toBe('ScalerCooldown')
    }
    await poll()
    expect(replicas()).toBe(0)
    expect(cluster.events('keda-operator')).toContain(
      'KEDAScaleTargetDeactivated: Deactivated apps/v1.Deployment default/worker from 1 to 0',
    )
  })

  it('writes nothing while nothing changes', async () => {
    addScaledObject()
    await eventually(() => expect(condition('Active')?.status).toBe('False'))
    await poll()
    const before = cluster.client.writes.length
    await poll()
    await poll()
    expect(cluster.client.writes.length).toBe(before)
  })

  it('keeps a stale password until the broker refuses it, then heals in the same poll', async () => {
    addScaledObject()
    broker.messages = 1
    await eventually(() => expect(condition('Active')?.status).toBe('True'))
    broker.password = 'second'
    const password = base64('second')
    cluster.client.patch(SECRETS, NS, 'broker', { data: { password } }, { type: 'merge' })
    const before = broker.requests
    await poll()
    expect(broker.requests).toBe(before + 2)
    expect(condition('Ready')?.status).toBe('True')
    expect(condition('Active')?.status).toBe('True')
  })

  it('reports a refused password and never scales in on it', async () => {
    broker.messages = 1
    addScaledObject()
    await eventually(() => expect(replicas()).toBe(1))
    broker.password = 'changed'
    await poll()
    await eventually(() =>
      expect(condition('Ready')).toMatchObject({ status: 'False', reason: 'TriggerError' }),
    )
    for (let round = 0; round < 6; round++) await poll()
    expect(replicas()).toBe(1)
    expect(cluster.events('keda-operator').join()).toMatch(
      /KEDAScalerFailed: error inspecting RabbitMQ: error requesting RabbitMQ API status: 401 Unauthorized/,
    )
    expect(cluster.events('keda-operator').join()).not.toContain('first')
  })

  it('falls back after the threshold and comes back', async () => {
    broker.password = 'changed'
    addScaledObject({ fallback: { failureThreshold: 1, replicas: 3 } })
    await eventually(() =>
      expect(scaledObject().status?.health).toEqual({
        's0-rabbitmq-orders': { numberOfFailures: 1, status: 'Failing' },
      }),
    )
    expect(replicas()).toBe(0)
    await poll()
    expect(replicas()).toBe(1)
    expect(condition('Fallback')?.status).toBe('True')
    const [metric] = await metrics.values(NS, 's0-rabbitmq-orders', 'scaledobject.keda.sh/name=worker')
    expect(metric?.value).toBe('30')
    broker.password = 'first'
    await poll()
    expect(condition('Fallback')?.status).toBe('False')
    expect(cluster.events('keda-operator')).toContain(
      'ScaledObjectFallbackDeactivated: ScaledObject fallback is no longer active',
    )
  })

  it('holds the paused number without an HPA, and resumes', async () => {
    addScaledObject()
    await eventually(() => expect(hpa()).toBeDefined())
    annotate({ 'autoscaling.keda.sh/paused-replicas': '4' })
    await eventually(() => expect(replicas()).toBe(4))
    expect(hpa()).toBeUndefined()
    expect(scaledObject().status?.pausedReplicaCount).toBe(4)
    expect(condition('Paused')).toMatchObject({ status: 'True', reason: 'ScaledObjectPaused' })
    expect(condition('Ready')?.message).toBe('ScaledObject is paused')
    annotate({ 'autoscaling.keda.sh/paused-replicas': null })
    await eventually(() => expect(hpa()).toBeDefined())
    expect(condition('Paused')).toMatchObject({ status: 'False', reason: 'ScaledObjectUnpaused' })
    expect(scaledObject().status?.pausedReplicaCount).toBeUndefined()
  })

  it('makes the HPA again when it is deleted, and updates it with the spec', async () => {
    addScaledObject()
    await eventually(() => expect(hpa()).toBeDefined())
    cluster.client.delete(HPAS, NS, 'keda-hpa-worker')
    await eventually(() => expect(hpa()).toBeDefined())
    patchSpec({ maxReplicaCount: 9 })
    await eventually(() => expect(hpa()?.spec.maxReplicas).toBe(9))
    patchSpec({ advanced: { horizontalPodAutoscalerConfig: { name: 'custom' } } })
    await eventually(() => expect(cluster.client.get(HPAS, NS, 'custom')).toBeDefined())
    expect(hpa()).toBeUndefined()
    expect(scaledObject().status?.hpaName).toBe('custom')
  })

  it.each([
    [
      { scaleTargetRef: { name: 'nobody' } },
      'ScaledObject doesn\'t have correct scaleTargetRef specification: deployments.apps "nobody" not found',
    ],
    [
      { minReplicaCount: 7 },
      "ScaledObject doesn't have correct Idle/Min/Max Replica Counts specification: MinReplicaCount=7 must be less than MaxReplicaCount=5",
    ],
    [
      { triggers: [{ type: 'kafka', metadata: {} }] },
      'failed to ensure HPA is correctly created for ScaledObject: error getting scalers no scaler found for type: kafka',
    ],
  ])('refuses %j', async (spec, message) => {
    addScaledObject(spec)
    await eventually(() =>
      expect(condition('Ready')).toEqual({
        type: 'Ready',
        status: 'False',
        reason: 'ScaledObjectCheckFailed',
        message,
      }),
    )
    expect(condition('Active')).toMatchObject({ status: 'Unknown', reason: 'UnknownState' })
    expect(hpa()).toBeUndefined()
  })

  it('restores replicas and lets go on deletion', async () => {
    cluster.client.setScale(DEPLOYMENTS, NS, 'worker', 2)
    broker.messages = 1
    addScaledObject({ advanced: { restoreToOriginalReplicaCount: true } })
    await eventually(() => expect(scaledObject().status?.originalReplicaCount).toBe(2))
    cluster.client.setScale(DEPLOYMENTS, NS, 'worker', 5)
    cluster.client.delete(SCALED_OBJECTS, NS, 'worker')
    await eventually(() => expect(scaledObject()).toBeUndefined())
    expect(replicas()).toBe(2)
    expect(cluster.client.get(TRIGGER_AUTHENTICATIONS, NS, 'auth')?.status?.scaledobjects).toBe('')
    const before = broker.requests
    await cluster.advance(20_000, 5000)
    expect(broker.requests).toBe(before)
  })
})

describe('external metrics', () => {
  it('answer live and tell failures as 500', async () => {
    addScaledObject()
    await eventually(() => expect(hpa()).toBeDefined())
    broker.messages = 33
    const values = await metrics.values(NS, 'S0-rabbitmq-orders', 'scaledobject.keda.sh/name=worker')
    expect(values).toEqual([
      { metricName: 'S0-rabbitmq-orders', metricLabels: null, timestamp: expect.any(String), value: '33' },
    ])
    const failure = async (metric: string, selector: string) => {
      const thrown = await metrics.values(NS, metric, selector).catch((error: unknown) => error)
      expect(thrown).toBeInstanceOf(ApiError)
      return { code: (thrown as ApiError).code, message: (thrown as ApiError).message }
    }
    expect(await failure('x', '')).toEqual({ code: 500, message: 'scaledObject name is not specified' })
    const rpc = 'rpc error: code = Unknown desc = error when getting metric values'
    expect(await failure('s1-none', 'scaledobject.keda.sh/name=worker')).toEqual({
      code: 500,
      message: `${rpc} no matching metrics found for s1-none`,
    })
    broker.password = 'changed'
    expect(await failure('s0-rabbitmq-orders', 'scaledobject.keda.sh/name=worker')).toEqual({
      code: 500,
      message: `${rpc} metric:s0-rabbitmq-orders encountered error`,
    })
  })
})

function annotate(annotations: Record<string, string | null>): void {
  cluster.client.patch(SCALED_OBJECTS, NS, 'worker', { metadata: { annotations } }, { type: 'merge' })
}

function patchSpec(spec: Partial<ScaledObjectSpec>): void {
  cluster.client.patch(SCALED_OBJECTS, NS, 'worker', { spec }, { type: 'merge' })
}
