/** Canaries behind an AWS load balancer: Services that change roles, and routes by header. */
import { describe, expect, it } from 'vitest'
import { manifest, NAMESPACE } from '../../testing/builders.ts'
import { ROLLOUTS } from '../names.ts'
import { canary, RolloutWorld, service } from '../testing/world.ts'
import type { CanaryStep } from '../types.ts'
import { INGRESSES } from './ingresses.ts'

const PREFIX = 'alb.ingress.kubernetes.io'
const root = {
  path: '/*',
  pathType: 'ImplementationSpecific',
  backend: { service: { name: 'root', port: { name: 'use-annotation' } } },
}

async function deployed(world: RolloutWorld, steps: CanaryStep[], strategy: object): Promise<void> {
  for (const name of ['one', 'two']) world.client.create('v1/services', service(name))
  const rules = [{ http: { paths: [root] } }]
  world.client.create(INGRESSES, manifest('networking.k8s.io/v1', 'Ingress', 'web', { spec: { rules } }))
  world.client.create(ROLLOUTS, canary([], { replicas: 4, strategy: { canary: { steps, ...strategy } } }))
  await world.until('deployed', world.healthy)
}

const ingress = (world: RolloutWorld) => world.client.get(INGRESSES, NAMESPACE, 'web')!

/** Weights by Service of an action of the Ingress. */
function weights(world: RolloutWorld, action: string): Record<string, number> | undefined {
  const text = ingress(world).metadata.annotations?.[`${PREFIX}/actions.${action}`]
  if (text === undefined) return undefined
  const groups: { ServiceName: string; Weight: number }[] = JSON.parse(text).ForwardConfig.TargetGroups
  return Object.fromEntries(groups.map((group) => [group.ServiceName, group.Weight]))
}

const alb = { ingress: 'web', rootService: 'root', servicePort: 80 }

describe('ping-pong', () => {
  const strategy = {
    pingPong: { pingService: 'one', pongService: 'two' },
    trafficRouting: { alb },
    scaleDownDelaySeconds: 1,
  }

  it('gives ping the first version, and lets the Services change roles at each promotion', async () => {
    await using world = new RolloutWorld()
    await deployed(world, [{ setWeight: 25 }, { pause: {} }], strategy)
    expect(world.status.canary?.stablePingPong).toBe('ping')
    expect(weights(world, 'root')).toEqual({ one: 100, two: 0 })
    const first = world.status.stableRS
    expect(world.hash('one')).toBe(first)

    world.image('app:2')
    await world.until('paused', world.paused)
    expect(weights(world, 'root')).toEqual({ one: 75, two: 25 })
    expect([world.hash('one'), world.hash('two')]).toEqual([first, world.status.currentPodHash])
    world.say({ pauseConditions: null })
    await world.until('promoted', world.healthy)
    expect(world.status.canary?.stablePingPong).toBe('pong')
    expect(weights(world, 'root')).toEqual({ one: 0, two: 100 })

    world.image('app:3')
    await world.until('paused again', world.paused)
    expect(weights(world, 'root')).toEqual({ one: 25, two: 75 })
    expect(world.hash('one')).toBe(world.status.currentPodHash)
    expect(world.hash('two')).toBe(world.status.stableRS)
  })

  it('keeps the roles when an update is aborted', async () => {
    await using world = new RolloutWorld()
    await deployed(world, [{ setWeight: 25 }, { pause: {} }], strategy)
    world.image('app:2')
    await world.until('paused', world.paused)
    world.say({ abort: true })
    await world.until('routed back', () => weights(world, 'root')?.two === 0)
    expect(world.status.canary?.stablePingPong).toBe('ping')
  })
})

describe('a header route', () => {
  const match = [
    { headerName: 'X-Try', headerValue: { exact: 'yes' } },
    { headerName: 'X-Try', headerValue: { exact: 'please' } },
    { headerName: 'X-Team', headerValue: { exact: 'one' } },
  ]
  const steps: CanaryStep[] = [
    { setWeight: 20 },
    { setHeaderRoute: { name: 'try', match } },
    { pause: {} },
    { setHeaderRoute: { name: 'try' } },
    { pause: {} },
  ]
  const strategy = {
    stableService: 'one',
    canaryService: 'two',
    trafficRouting: { alb, managedRoutes: [{ name: 'try' }] },
  }
  const services = (world: RolloutWorld) =>
    ingress(world).spec.rules[0].http.paths.map((path: any) => path.backend.service.name)

  it('comes before the other paths with its conditions, and goes with a step without a match', async () => {
    await using world = new RolloutWorld()
    await deployed(world, steps, strategy)
    expect(services(world)).toEqual(['root'])
    world.image('app:2')
    await world.until('paused', world.paused)
    expect(services(world)).toEqual(['try', 'root'])
    expect(weights(world, 'try')).toEqual({ two: 100 })
    expect(weights(world, 'root')).toEqual({ one: 80, two: 20 })
    const annotations = ingress(world).metadata.annotations!
    expect(JSON.parse(annotations[`${PREFIX}/conditions.try`]!)).toEqual([
      { field: 'http-header', httpHeaderConfig: { httpHeaderName: 'X-Try', values: ['yes', 'please'] } },
      { field: 'http-header', httpHeaderConfig: { httpHeaderName: 'X-Team', values: ['one'] } },
    ])
    const managed = JSON.parse(annotations['rollouts.argoproj.io/managed-alb-annotations']!)
    expect(managed.api).toEqual(
      ['actions.root', 'actions.try', 'conditions.try'].map((key) => `${PREFIX}/${key}`),
    )

    world.say({ pauseConditions: null })
    await world.until('paused again', () => world.paused() && world.status.currentStepIndex === 4)
    expect(services(world)).toEqual(['root'])
    expect(weights(world, 'try')).toBeUndefined()
  })

  it('goes with an abort', async () => {
    await using world = new RolloutWorld()
    await deployed(world, steps, strategy)
    world.image('app:2')
    await world.until('paused', world.paused)
    world.say({ abort: true })
    await world.until('aborted', () => weights(world, 'root')?.two === 0)
    expect(services(world)).toEqual(['root'])
    expect(Object.keys(ingress(world).metadata.annotations!)).not.toContain(`${PREFIX}/conditions.try`)
  })
})
