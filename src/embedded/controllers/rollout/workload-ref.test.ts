/** A Rollout that takes its template from a Deployment. */
import { expect, it } from 'vitest'
import { deploymentController } from '../deployment/controller.ts'
import { deployment, podTemplate } from '../testing/builders.ts'
import { ROLLOUTS } from './names.ts'
import { NAME, RolloutWorld, rollout } from './testing/world.ts'

const reference = { apiVersion: 'apps/v1', kind: 'Deployment', name: NAME }

it('follows the Deployment’s template, and takes its pods over', async () => {
  await using world = new RolloutWorld({}, [deploymentController()])
  world.client.create('apps/v1/deployments', deployment(NAME, { replicas: 2 }))
  await world.until('deployment', () => world.ready === 2)
  const workloadRef = { ...reference, scaleDown: 'progressively' }
  const strategy = { canary: { steps: [{ setWeight: 50 }] } }
  world.client.create(ROLLOUTS, rollout({ replicas: 2, template: undefined, workloadRef, strategy }))
  let fewest = 2
  world.client.watch('v1/pods', () => {
    fewest = Math.min(fewest, world.ready)
  })
  const size = () => world.client.get('apps/v1/deployments', 'default', NAME)!.spec.replicas
  await world.until('taken over', () => world.healthy() && size() === 0)
  expect(fewest).toBe(2)
  const { generation } = world.client.get('apps/v1/deployments', 'default', NAME)!.metadata
  expect(world.status.workloadObservedGeneration).toBe(String(generation))
  expect(world.status.collisionCount).toBeUndefined()
  expect(world.rollout.spec.template).toBeUndefined()
  world.client.patch(
    'apps/v1/deployments',
    'default',
    NAME,
    { spec: { template: podTemplate(NAME, 'app:2') } },
    { type: 'merge' },
  )
  await world.until('updated', () => world.healthy() && world.running().join() === 'app:2,app:2')
})

it('says what is wrong with the reference', async () => {
  await using world = new RolloutWorld()
  const workloadRef = { ...reference, name: 'none' }
  world.client.create(ROLLOUTS, rollout({ template: undefined, workloadRef, strategy: { canary: {} } }))
  await world.settle()
  expect(world.status.message).toContain('deployments.apps "none" not found')
})
