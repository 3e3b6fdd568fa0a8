/** Blue-green Rollouts on a fake clock. */
import { describe, expect, it } from 'vitest'
import { ROLLOUTS } from './names.ts'
import { RolloutWorld, rollout, service } from './testing/world.ts'

async function deployed(world: RolloutWorld, blueGreen: Record<string, unknown> = {}): Promise<string> {
  world.client.create('v1/services', service('active'))
  world.client.create('v1/services', service('preview'))
  const strategy = { blueGreen: { activeService: 'active', previewService: 'preview', ...blueGreen } }
  world.client.create(ROLLOUTS, rollout({ replicas: 2, strategy }))
  await world.until('deployed', world.healthy)
  return world.hash('active')!
}

describe('blue-green', () => {
  it('switches the active Service when the new pods are available, and removes the old ones after the delay', async () => {
    await using world = new RolloutWorld()
    const first = await deployed(world)
    expect(world.reasons()).toEqual([
      'RolloutAddedToInformer',
      'RolloutUpdated',
      'NewReplicaSetCreated',
      'SwitchService',
      'ScalingReplicaSet',
      'RolloutCompleted',
      'SwitchService',
    ])
    expect(world.status).toMatchObject({
      blueGreen: { activeSelector: first, previewSelector: first },
      selector: expect.stringContaining(first),
      HPAReplicas: 2,
      canary: {},
    })
    let fewest = 2
    world.client.watch('v1/pods', () => {
      fewest = Math.min(fewest, world.ready)
    })
    world.image('app:2')
    await world.until('preview', () => world.sizes('app:1', 'app:2') === '2/2')
    expect([world.hash('active'), world.hash('preview')]).toEqual([first, world.status.currentPodHash])
    await world.until('promoted', world.healthy)
    expect(world.hash('active')).toBe(world.status.currentPodHash)
    expect(world.replicaSet('app:1')!.metadata.annotations).toHaveProperty('scale-down-deadline')
    expect(world.running()).toHaveLength(4)
    await world.advance(31_000)
    expect(world.running()).toEqual(['app:2', 'app:2'])
    expect(world.replicaSet('app:1')!.metadata.annotations).not.toHaveProperty('scale-down-deadline')
    expect(fewest).toBe(2)
  })

  it('waits for a person without autoPromotion', async () => {
    await using world = new RolloutWorld()
    const first = await deployed(world, { autoPromotionEnabled: false })
    world.image('app:2')
    await world.until('paused', world.paused)
    expect(world.status).toMatchObject({ message: 'BlueGreenPause', controllerPause: true })
    await world.advance(60_000, 5_000)
    expect(world.hash('active')).toBe(first)
    world.say({ pauseConditions: null })
    await world.until('promoted', world.healthy)
    expect(world.hash('active')).toBe(world.status.currentPodHash)
  })

  it('goes on by itself after autoPromotionSeconds', async () => {
    await using world = new RolloutWorld()
    const first = await deployed(world, { autoPromotionSeconds: 20 })
    world.image('app:2')
    await world.until('paused', world.paused)
    await world.advance(15_000)
    expect(world.hash('active')).toBe(first)
    await world.until('promoted', world.healthy, 10_000)
  })

  it('previews with fewer pods, and grows before the switch', async () => {
    await using world = new RolloutWorld()
    const first = await deployed(world, { autoPromotionEnabled: false, previewReplicaCount: 1 })
    world.image('app:2')
    await world.until('paused', world.paused)
    expect(world.sizes('app:1', 'app:2')).toBe('2/1')
    world.say({ pauseConditions: null })
    await world.until('grown', () => world.sizes('app:1', 'app:2') === '2/2')
    expect(world.hash('active')).toBe(first)
    await world.until('promoted', world.healthy)
    expect(world.status.blueGreen?.scaleUpPreviewCheckPoint).toBeUndefined()
  })

  it('is aborted before the switch: the preview goes after its delay', async () => {
    await using world = new RolloutWorld()
    const first = await deployed(world, { autoPromotionEnabled: false, abortScaleDownDelaySeconds: 10 })
    world.image('app:2')
    await world.until('paused', world.paused)
    world.say({ abort: true })
    await world.until('aborted', () => world.status.phase === 'Degraded')
    await world.advance(5_000)
    expect([world.hash('active'), world.sizes('app:1', 'app:2')]).toEqual([first, '2/2'])
    await world.advance(7_000)
    expect(world.sizes('app:1', 'app:2')).toBe('2/0')
    world.say({ abort: false })
    await world.until('paused again', world.paused)
    expect(world.sizes('app:1', 'app:2')).toBe('2/2')
  })

  it('goes back within the delay without a pause', async () => {
    await using world = new RolloutWorld()
    const first = await deployed(world, { autoPromotionEnabled: false })
    world.image('app:2')
    await world.until('paused', world.paused)
    world.say({ promoteFull: true })
    await world.until('promoted', world.healthy)
    world.image('app:1')
    await world.until('back', () => world.hash('active') === first, 5_000)
  })
})
