/** Invalid specs, with upstream's paths and words. */
import { expect, it, test } from 'vitest'
import { ROLLOUTS } from '../names.ts'
import { canary, NAME, RolloutWorld, rollout, service } from '../testing/world.ts'

async function messageOf(spec: Record<string, unknown>): Promise<string | undefined> {
  await using world = new RolloutWorld()
  world.client.create(ROLLOUTS, rollout({ strategy: { canary: {} }, ...spec }))
  await world.settle()
  expect(world.status.phase).toBe('Degraded')
  expect(world.client.list('apps/v1/replicasets')).toEqual([])
  return world.status.conditions
    ?.find(({ type }) => type === 'InvalidSpec')
    ?.message.replace(`The Rollout "${NAME}" is invalid: `, '')
}

const steps = (...list: unknown[]) => ({ strategy: { canary: { steps: list } } })
const routed = (trafficRouting: object, ...list: unknown[]) => ({
  strategy: { canary: { steps: list, trafficRouting, stableService: 'a', canaryService: 'b' } },
})

test.each([
  [
    { strategy: {} },
    "spec.strategy.strategy: Required value: Rollout has missing field '.spec.strategy.canary or .spec.strategy.blueGreen'",
  ],
  [
    { strategy: { canary: {}, blueGreen: {} } },
    'spec.strategy.strategy: Invalid value: "blueGreen: true canary: true": Multiple Strategies can not be listed',
  ],
  [{ selector: {} }, 'spec.selector: Invalid value: {}: empty selector is invalid for deployment'],
  [{ replicas: -1 }, 'spec.replicas: Invalid value: -1: must be greater than or equal to 0'],
  [
    { progressDeadlineSeconds: 10, minReadySeconds: 20 },
    'spec.progressDeadlineSeconds: Invalid value: 10: must be greater than minReadySeconds',
  ],
  [
    { strategy: { canary: { maxSurge: 0, maxUnavailable: '0%' } } },
    'spec.strategy.maxSurge: Invalid value: 0: MaxSurge and MaxUnavailable both can not be zero',
  ],
  [
    { strategy: { canary: { dynamicStableScale: true } } },
    'spec.strategy.dynamicStableScale: Invalid value: true: Canary dynamicStableScale can only be used with traffic routing',
  ],
  [
    { strategy: { canary: { scaleDownDelaySeconds: 5 } } },
    'spec.strategy.scaleDownDelaySeconds: Invalid value: 5: Canary scaleDownDelaySeconds can only be used with traffic routing',
  ],
  [
    { strategy: { canary: { stableService: 'a', canaryService: 'a' } } },
    'spec.strategy.stableService: Invalid value: "a": This rollout uses the same service for the stable and canary services, but two different services are required.',
  ],
  [
    { strategy: { canary: { pingPong: { pingService: 'a' } } } },
    'spec.strategy.pingPong.pongService: Invalid value: "": Ping service and Pong service must to be set to use Ping-Pong feature',
  ],
  [
    {
      strategy: {
        canary: { pingPong: { pingService: 'a', pongService: 'b' }, trafficRouting: { nginx: {} } },
      },
    },
    'spec.strategy.trafficRouting.alb: Invalid value: null: Ping-pong feature works with the ALB and Istio traffic routers only',
  ],
  [
    {
      strategy: { canary: { pingPong: { pingService: 'a', pongService: 'b' }, trafficRouting: { alb: {} } } },
    },
    'spec.strategy.trafficRouting.alb.rootService: Invalid value: "": Root service field is required for the configuration with ALB and ping-pong feature enabled',
  ],
  [
    { strategy: { canary: { pingPong: { pingService: 'a', pongService: 'b' } } } },
    'spec.strategy.canary.pingPong.pingService: Invalid value: "a": service "a" not found',
  ],
  [
    routed({ istio: {} }, { setHeaderRoute: { name: 'r' } }),
    "spec.strategy.trafficRouting.managedRoutes: Required value: Rollout has missing field 'spec.strategy.canary.trafficRouting.managedRoutes'",
  ],
  [
    routed({ istio: {}, managedRoutes: [{ name: 'other' }] }, { setMirrorRoute: { name: 'r' } }),
    'spec.strategy.steps[0].setMirrorRoute: Invalid value: "r": Steps define a route that does not exist in spec.strategy.canary.trafficRouting.managedRoutes',
  ],
  [
    routed(
      { istio: {}, alb: {}, managedRoutes: [{ name: 'r' }] },
      { setHeaderRoute: { name: 'r', match: [{ headerName: 'h', headerValue: { regex: 'x' } }] } },
    ),
    'spec.strategy.steps[0].setHeaderRoute.match[0]: Invalid value: {"regex":"x"}: SetHeaderRoute match value invalid. ALB supports \'exact\' value only',
  ],
  [
    { strategy: { blueGreen: { activeService: 'a', previewService: 'a' } } },
    'spec.strategy.activeService: Invalid value: "a": This rollout uses the same service for the active and preview services, but two different services are required.',
  ],
  [
    { strategy: { blueGreen: { activeService: 'a' } } },
    'spec.strategy.blueGreen.activeService: Invalid value: "a": service "a" not found',
  ],
  [
    steps({ setWeight: 101 }),
    'spec.strategy.steps[0].setWeight: Invalid value: 101: SetWeight needs to be between 0 and 100',
  ],
  [
    steps({ setWeight: 10 }, { pause: { duration: 'soon' } }),
    'spec.strategy.steps[1].pause.duration: Invalid value: -1: Duration needs to be greater than 0',
  ],
  [
    steps({ setCanaryScale: { replicas: 1 } }),
    'spec.strategy.trafficRouting: Required value: SetCanaryScale requires TrafficRouting to be set',
  ],
])('%j', async (spec, message) => {
  expect(await messageOf(spec)).toBe(message)
})

test.each([[steps({})], [steps({ setWeight: 10, pause: {} })]])(
  '%j has not exactly one kind',
  async (spec) => {
    expect(await messageOf(spec)).toMatch(
      /^spec\.strategy\.steps\[0\]: Invalid value: "step\..*": Step must have one of the following set: experiment, setWeight, setCanaryScale, plugin or pause$/,
    )
  },
)

it('keeps what serves, and goes on when the spec is mended', async () => {
  await using world = new RolloutWorld()
  world.client.create(ROLLOUTS, canary([], { replicas: 2 }))
  await world.until('deployed', world.healthy)
  world.spec({ strategy: { canary: { steps: [{ setWeight: 200 }] } } })
  world.image('app:2')
  await world.advance(5_000)
  expect(world.status).toMatchObject({ phase: 'Degraded', observedGeneration: '3' })
  expect(world.running()).toEqual(['app:1', 'app:1'])
  world.spec({ strategy: { canary: { steps: null } } })
  await world.until('mended', world.healthy)
  expect(world.running()).toEqual(['app:2', 'app:2'])
})

it('takes up a Service that comes later', async () => {
  await using world = new RolloutWorld()
  world.client.create(ROLLOUTS, rollout({ strategy: { canary: { stableService: 'late' } } }))
  await world.advance(1_000)
  expect(world.status.message).toContain('service "late" not found')
  world.client.create('v1/services', service('late'))
  await world.until('healthy', world.healthy)
  expect(world.hash('late')).toBe(world.status.stableRS)
})
