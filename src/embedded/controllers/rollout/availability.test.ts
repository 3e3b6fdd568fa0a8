/** Whatever happens during an update, enough pods stay ready and no more than allowed are asked for. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ROLLOUTS } from './names.ts'
import { specReplicas } from './replica-sets.ts'
import { canary, NAME, REPLICA_SETS, RolloutWorld } from './testing/world.ts'

const scenario = fc.record({
  replicas: fc.integer({ min: 1, max: 8 }),
  maxSurge: fc.integer({ min: 0, max: 3 }),
  maxUnavailable: fc.integer({ min: 0, max: 3 }),
  weights: fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 4 }),
  delays: fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 6 }),
  /** What people do, and when. */
  acts: fc.array(
    fc.record({
      afterMs: fc.integer({ min: 0, max: 4000 }),
      act: fc.constantFrom('abort', 'retry', 'promote', 'full', 'again', 'back'),
    }),
    { maxLength: 4 },
  ),
})

it('through all steps, aborts, retries, promotions and changes of mind', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ replicas, maxSurge, maxUnavailable, weights, delays, acts }) => {
      fc.pre(maxSurge + maxUnavailable > 0)
      let turn = 0
      const delayOf = new Map<string, number>()
      await using world = new RolloutWorld({
        readyAfterMs: ({ metadata }) => {
          const delay = delayOf.get(metadata.uid) ?? delays[turn++ % delays.length]!
          delayOf.set(metadata.uid, delay)
          return delay
        },
      })
      const steps = weights.flatMap((setWeight) => [{ setWeight }, { pause: { duration: 1 } }])
      const strategy = { canary: { maxSurge, maxUnavailable, steps } }
      world.client.create(ROLLOUTS, canary([], { replicas, strategy }))
      await world.until('deployed', world.healthy)
      const breaches: string[] = []
      world.client.watch('v1/pods', () => {
        if (world.ready < replicas - Math.min(maxUnavailable, replicas)) breaches.push(`${world.ready} ready`)
      })
      world.client.watch(REPLICA_SETS, () => {
        const wanted = world.client.list(REPLICA_SETS).reduce((sum, set) => sum + specReplicas(set), 0)
        if (wanted > replicas + maxSurge) breaches.push(`${wanted} wanted`)
      })
      world.image('app:2')
      for (const { afterMs, act } of acts) {
        await world.advance(afterMs)
        if (act === 'abort') world.say({ abort: true })
        if (act === 'retry') world.say({ abort: false })
        if (act === 'promote') world.say({ pauseConditions: null })
        if (act === 'full') world.say({ promoteFull: true })
        if (act === 'again') world.image('app:3')
        if (act === 'back') world.image('app:1')
      }
      await world.advance(0)
      world.say({ abort: false })
      await world.until('settled', world.healthy, 300_000)
      expect(breaches).toEqual([])
      const [image] = new Set(world.running())
      expect(world.running()).toEqual(Array(replicas).fill(image))
      expect(world.rollout.spec.template.spec.containers[0].image).toBe(image)
      expect(world.rollout.metadata.name).toBe(NAME)
    }),
    { numRuns: 40 },
  )
}, 60_000)
