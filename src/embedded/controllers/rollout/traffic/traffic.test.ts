/** Canaries behind a router: its objects, the weights, and pods that go before or after them. */
import { describe, expect, it } from 'vitest'
import { manifest, NAMESPACE } from '../../testing/builders.ts'
import { ROLLOUTS } from '../names.ts'
import { canary, NAME, RolloutWorld, service } from '../testing/world.ts'
import type { CanaryStep } from '../types.ts'
import { INGRESSES } from './ingresses.ts'

const PREFIX = 'nginx.ingress.kubernetes.io'

const ingress = (backend = 'stable') =>
  manifest('networking.k8s.io/v1', 'Ingress', 'web', {
    spec: {
      ingressClassName: 'nginx',
      tls: [{ hosts: ['web.local'], secretName: 'tls' }],
      rules: [
        {
          host: 'web.local',
          http: {
            paths: [
              {
                path: '/',
                pathType: 'Prefix',
                backend: { service: { name: backend, port: { number: 80 } } },
              },
            ],
          },
        },
        {
          host: 'other.local',
          http: {
            paths: [
              {
                path: '/',
                pathType: 'Prefix',
                backend: { service: { name: 'other', port: { number: 80 } } },
              },
            ],
          },
        },
      ],
    },
  })

const nginx = {
  nginx: { stableIngress: 'web', additionalIngressAnnotations: { 'canary-by-header': 'X-Try' } },
}
const alb = { alb: { ingress: 'web', servicePort: 80 } }

function routed(
  world: RolloutWorld,
  steps: CanaryStep[],
  trafficRouting: object,
  more: object = {},
  replicas = 4,
) {
  for (const name of ['stable', 'canary']) world.client.create('v1/services', service(name))
  world.client.create(INGRESSES, ingress())
  const strategy = {
    canary: { steps, stableService: 'stable', canaryService: 'canary', trafficRouting, ...more },
  }
  world.client.create(ROLLOUTS, canary([], { replicas, strategy }))
  return world.until('deployed', world.healthy)
}

const canaryIngress = (world: RolloutWorld) => world.client.get(INGRESSES, NAMESPACE, `${NAME}-web-canary`)!
const nginxWeight = (world: RolloutWorld) =>
  canaryIngress(world).metadata.annotations![`${PREFIX}/canary-weight`]

describe('Ingress NGINX', () => {
  it('makes an Ingress of the rules with the stable Service, and moves its weight once pods are there', async () => {
    await using world = new RolloutWorld()
    await routed(world, [{ setWeight: 25 }, { pause: {} }, { setWeight: 50 }, { pause: {} }], nginx)
    await world.until('routed', () => world.status.canary?.weights !== undefined)
    expect(canaryIngress(world)).toMatchObject({
      metadata: {
        annotations: {
          [`${PREFIX}/canary`]: 'true',
          [`${PREFIX}/canary-weight`]: '0',
          [`${PREFIX}/canary-by-header`]: 'X-Try',
        },
        ownerReferences: [{ kind: 'Rollout', name: NAME }],
      },
      spec: {
        ingressClassName: 'nginx',
        tls: [{ secretName: 'tls' }],
        rules: [{ host: 'web.local', http: { paths: [{ backend: { service: { name: 'canary' } } }] } }],
      },
    })
    expect(canaryIngress(world).spec.rules).toHaveLength(1)
    const first = world.status.stableRS
    world.image('app:2')
    await world.until('paused', world.paused)
    expect(world.sizes('app:1', 'app:2')).toBe('4/1')
    expect(nginxWeight(world)).toBe('25')
    expect(world.status.canary?.weights).toEqual({
      canary: { weight: 25, serviceName: 'canary', podTemplateHash: world.status.currentPodHash },
      stable: { weight: 75, serviceName: 'stable', podTemplateHash: first },
    })
    expect(world.told).toContain('TrafficWeightUpdated: Traffic weight updated from 0 to 25')
    world.say({ pauseConditions: null })
    await world.until('at 50', () => world.paused() && world.status.currentStepIndex === 3)
    expect(nginxWeight(world)).toBe('50')
    world.say({ pauseConditions: null })
    await world.until('promoted', world.healthy)
    await world.until('back to stable', () => nginxWeight(world) === '0')
    expect(world.sizes('app:1', 'app:2')).toBe('4/4')
    await world.until('old pods gone', () => world.sizes('app:1', 'app:2') === '0/4')
  })

  it('gives no weight to a canary whose pods never come up', async () => {
    await using world = new RolloutWorld({
      readyAfterMs: (pod) => (pod.spec.containers[0].image === 'app:bad' ? undefined : 1000),
    })
    await routed(world, [{ setWeight: 50 }, { pause: {} }], nginx)
    world.image('app:bad')
    await world.advance(30_000)
    expect(nginxWeight(world)).toBe('0')
  })

  it('takes the traffic back at once on an abort, and the pods after the delay', async () => {
    await using world = new RolloutWorld()
    await routed(world, [{ setWeight: 50 }, { pause: {} }], nginx)
    const first = world.status.stableRS
    world.image('app:2')
    await world.until('paused', world.paused)
    world.say({ abort: true })
    await world.until('routed back', () => nginxWeight(world) === '0')
    expect(world.hash('canary')).toBe(first)
    expect(world.sizes('app:1', 'app:2')).toBe('4/2')
    await world.until('gone', () => world.sizes('app:1', 'app:2') === '4/0')
    expect(world.hash('canary')).toBe(first)
  })

  it('follows setCanaryScale where the weight stays', async () => {
    await using world = new RolloutWorld()
    const steps = [
      { setCanaryScale: { replicas: 3 } },
      { setWeight: 10 },
      { pause: {} },
      { setCanaryScale: { matchTrafficWeight: true } },
      { pause: {} },
    ]
    await routed(world, steps, nginx)
    world.image('app:2')
    await world.until('paused', world.paused)
    expect(world.sizes('app:1', 'app:2')).toBe('4/3')
    expect(nginxWeight(world)).toBe('10')
    world.say({ pauseConditions: null })
    await world.until('paused again', () => world.paused() && world.status.currentStepIndex === 4)
    expect(world.sizes('app:1', 'app:2')).toBe('4/1')
  })

  it('says which Ingress is missing, or has no rule for the Service', async () => {
    await using world = new RolloutWorld()
    for (const name of ['stable', 'canary']) world.client.create('v1/services', service(name))
    const strategy = { canary: { stableService: 'stable', canaryService: 'canary', trafficRouting: nginx } }
    world.client.create(ROLLOUTS, canary([], { strategy }))
    await world.advance(1000)
    expect(world.status.message).toContain('ingress.networking.k8s.io "web" not found')
    world.client.create(INGRESSES, ingress('another'))
    await world.advance(1000)
    expect(world.status.message).toContain('ingress `web` has no rules using service stable backend')
  })
})

describe('dynamicStableScale', () => {
  it('keeps no more stable pods than their share of traffic needs, and grows them before it takes traffic back', async () => {
    await using world = new RolloutWorld()
    await routed(world, [{ setWeight: 25 }, { pause: {} }, { setWeight: 75 }, { pause: {} }], nginx, {
      dynamicStableScale: true,
    })
    world.image('app:2')
    await world.until('at 25', () => world.paused() && world.sizes('app:1', 'app:2') === '3/1')
    world.say({ pauseConditions: null })
    await world.until(
      'at 75',
      () => world.status.currentStepIndex === 3 && world.sizes('app:1', 'app:2') === '1/3',
    )
    let fewest = 4
    world.client.watch('v1/pods', () => {
      fewest = Math.min(fewest, world.ready)
    })
    world.say({ abort: true })
    await world.until('back', () => world.sizes('app:1', 'app:2') === '4/0')
    expect(fewest).toBeGreaterThanOrEqual(4)
    expect(world.status.canary?.weights?.canary.weight).toBe(0)
  })
})

describe('an AWS load balancer', () => {
  it('has its share in an action annotation, and a second one names the Rollout', async () => {
    await using world = new RolloutWorld()
    await routed(world, [{ setWeight: 25 }, { pause: {} }], alb)
    world.image('app:2')
    await world.until('paused', world.paused)
    const annotations = world.client.get(INGRESSES, NAMESPACE, 'web')!.metadata.annotations!
    const key = 'alb.ingress.kubernetes.io/actions.stable'
    expect(JSON.parse(annotations[key]!)).toEqual({
      Type: 'forward',
      ForwardConfig: {
        TargetGroups: [
          { ServiceName: 'canary', ServicePort: '80', Weight: 25 },
          { ServiceName: 'stable', ServicePort: '80', Weight: 75 },
        ],
      },
    })
    expect(JSON.parse(annotations['rollouts.argoproj.io/managed-alb-annotations']!)).toEqual({
      [NAME]: [key],
    })
  })
})
