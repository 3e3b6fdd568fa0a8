/** Whole canaries on a fake clock: Rollout and ReplicaSet controllers with a test kubelet. */
import { describe, expect, it } from 'vitest'
import { HASH_LABEL } from './names.ts'
import { canary, NAME, REPLICA_SETS, RolloutWorld, service } from './testing/world.ts'

const STEPS = [{ setWeight: 50 }, { pause: { duration: 3 } }]

describe('a first deploy', () => {
  it('skips the steps and has the names, status and events of the real controller', async () => {
    await using world = new RolloutWorld()
    world.client.create('argoproj.io/v1alpha1/rollouts', canary(STEPS))
    await world.until('healthy', world.healthy)
    const [set] = world.client.list(REPLICA_SETS)
    const hash = set!.metadata.labels![HASH_LABEL]!
    expect(set).toMatchObject({
      metadata: {
        name: `${NAME}-${hash}`,
        labels: { app: NAME, [HASH_LABEL]: hash },
        annotations: {
          'rollout.argoproj.io/desired-replicas': '1',
          'rollout.argoproj.io/revision': '1',
        },
        ownerReferences: [{ kind: 'Rollout', name: NAME, controller: true, blockOwnerDeletion: true }],
      },
      spec: { replicas: 1, selector: { matchLabels: { app: NAME, [HASH_LABEL]: hash } } },
    })
    expect(world.rollout.metadata.annotations).toEqual({ 'rollout.argoproj.io/revision': '1' })
    const { conditions, ...status } = world.status
    expect(status).toEqual({
      HPAReplicas: 1,
      availableReplicas: 1,
      blueGreen: {},
      canary: {},
      currentPodHash: hash,
      currentStepHash: status.currentStepHash,
      currentStepIndex: 2,
      observedGeneration: '1',
      phase: 'Healthy',
      readyReplicas: 1,
      replicas: 1,
      selector: `app=${NAME}`,
      stableRS: hash,
      updatedReplicas: 1,
    })
    expect(
      Object.fromEntries(conditions!.map(({ type, status, reason }) => [type, `${status} ${reason}`])),
    ).toEqual({
      Available: 'True AvailableReason',
      Completed: 'True RolloutCompleted',
      Healthy: 'True RolloutHealthy',
      Progressing: 'True NewReplicaSetAvailable',
    })
    expect(world.reasons()).toEqual([
      'RolloutAddedToInformer',
      'RolloutUpdated',
      'NewReplicaSetCreated',
      'RolloutNotCompleted',
      'ScalingReplicaSet',
      'RolloutCompleted',
    ])
  })

  it('writes nothing once it has settled', async () => {
    await using world = new RolloutWorld()
    world.client.create('argoproj.io/v1alpha1/rollouts', canary(STEPS))
    await world.until('healthy', world.healthy)
    await world.advance(5000)
    const { length } = world.client.writes
    await world.advance(1_200_000, 60_000)
    expect(world.client.writes).toHaveLength(length)
  })
})

describe('an update', () => {
  it('walks its steps, is aborted and retried, with the events of upstream’s end-to-end test', async () => {
    await using world = new RolloutWorld()
    world.client.create('argoproj.io/v1alpha1/rollouts', canary(STEPS))
    await world.until('deployed', world.healthy)
    let seen = world.reasons().length
    const since = () => {
      const reasons = world.reasons(seen)
      seen += reasons.length
      return reasons
    }
    world.image('app:2')
    await world.until('paused', world.paused)
    expect(world.status).toMatchObject({
      currentStepIndex: 1,
      controllerPause: true,
      pauseConditions: [{ reason: 'CanaryPauseStep' }],
      message: 'CanaryPauseStep',
    })
    expect(world.reason('Paused')).toBe('RolloutPaused')
    expect(since()).toEqual([
      'RolloutUpdated',
      'NewReplicaSetCreated',
      'RolloutNotCompleted',
      'ScalingReplicaSet',
      'RolloutStepCompleted',
      'RolloutPaused',
    ])
    expect(world.running()).toEqual(['app:1', 'app:2'])

    world.say({ abort: true })
    await world.until('aborted', () => world.status.phase === 'Degraded' && world.sizes('app:2') === '0')
    expect(world.status).toMatchObject({
      abort: true,
      abortedAt: expect.stringMatching(/^2026-/),
      currentStepIndex: 0,
      message: 'RolloutAborted: Rollout aborted update to revision 2',
    })
    expect(world.status.pauseConditions).toBeUndefined()
    expect(since().sort()).toEqual(['RolloutAborted', 'ScalingReplicaSet'])

    world.say({ abort: false })
    await world.until('paused again', world.paused)
    expect(world.status.abortedAt).toBeUndefined()
    expect(since()).toEqual(['ScalingReplicaSet', 'RolloutStepCompleted', 'RolloutPaused'])

    await world.until('promoted', world.healthy)
    expect(since()).toEqual([
      'RolloutStepCompleted',
      'RolloutResumed',
      'ScalingReplicaSet',
      'RolloutCompleted',
    ])
    expect(world.running()).toEqual(['app:2'])
    expect(world.status).toMatchObject({ currentStepIndex: 2, stableRS: world.status.currentPodHash })
    expect(world.rollout.metadata.annotations!['rollout.argoproj.io/revision']).toBe('2')
  })

  it('waits at an open pause until a person goes on', async () => {
    await using world = new RolloutWorld()
    world.client.create(
      'argoproj.io/v1alpha1/rollouts',
      canary([{ setWeight: 20 }, { pause: {} }, { setWeight: 60 }, { pause: {} }], { replicas: 5 }),
    )
    await world.until('deployed', world.healthy)
    world.image('app:2')
    await world.until('paused', world.paused)
    expect(world.sizes('app:1', 'app:2')).toBe('4/1')
    await world.advance(900_000, 10_000)
    expect(world.paused()).toBe(true)
    world.say({ pauseConditions: null })
    await world.until('second pause', () => world.paused() && world.status.currentStepIndex === 3)
    expect(world.sizes('app:1', 'app:2')).toBe('2/3')
    world.say({ promoteFull: true })
    await world.until('promoted', world.healthy)
    expect(world.sizes('app:1', 'app:2')).toBe('0/5')
    expect(world.status.promoteFull).toBeUndefined()
    expect(world.told.at(-1)).toMatch(/RolloutCompleted: .*: Full promotion requested$/)
  })

  it('skips a step when a person moves the index on', async () => {
    await using world = new RolloutWorld()
    world.client.create(
      'argoproj.io/v1alpha1/rollouts',
      canary([{ setWeight: 20 }, { pause: {} }, { setWeight: 60 }, { pause: {} }], { replicas: 5 }),
    )
    await world.until('deployed', world.healthy)
    world.image('app:2')
    await world.until('paused', world.paused)
    world.say({ pauseConditions: null, controllerPause: false, currentStepIndex: 3 })
    await world.until('at the second pause', () => world.paused() && world.status.currentStepIndex === 3)
    expect(world.status.pauseConditions).toHaveLength(1)
  })

  it('goes back to the stable template at once, reusing its ReplicaSet under a new revision', async () => {
    await using world = new RolloutWorld()
    world.client.create(
      'argoproj.io/v1alpha1/rollouts',
      canary([{ setWeight: 50 }, { pause: {} }], { replicas: 2 }),
    )
    await world.until('deployed', world.healthy)
    await world.advance(1000)
    world.image('app:2')
    await world.until('paused', world.paused)
    // What an undo writes: the template that the API server has filled in, without the hash label.
    world.spec({
      template: { ...world.replicaSet('app:1')!.spec.template, metadata: { labels: { app: NAME } } },
    })
    await world.until('back', world.healthy)
    expect(world.sizes('app:1', 'app:2')).toBe('2/0')
    expect(world.reasons()).toContain('SkipSteps')
    expect(world.replicaSet('app:1')!.metadata.annotations).toMatchObject({
      'rollout.argoproj.io/revision': '3',
      'rollout.argoproj.io/revision-history': '1',
    })
    expect(world.client.list(REPLICA_SETS)).toHaveLength(2)
  })

  it('starts again for a third template, and removes the second one’s pods first', async () => {
    await using world = new RolloutWorld()
    world.client.create(
      'argoproj.io/v1alpha1/rollouts',
      canary([{ setWeight: 50 }, { pause: {} }], { replicas: 4 }),
    )
    await world.until('deployed', world.healthy)
    world.image('app:2')
    await world.until('paused', world.paused)
    await world.advance(1000)
    world.image('app:3')
    await world.until('paused at the third', () => world.paused() && world.status.updatedReplicas === 2)
    expect(world.sizes('app:1', 'app:2', 'app:3')).toBe('2/0/2')
  })

  it('is aborted by its deadline, and the stable version serves on', async () => {
    await using world = new RolloutWorld({
      readyAfterMs: (pod) => (pod.spec.containers[0].image === 'app:bad' ? undefined : 1000),
    })
    const spec = { replicas: 3, progressDeadlineSeconds: 10, progressDeadlineAbort: true }
    world.client.create('argoproj.io/v1alpha1/rollouts', canary([{ setWeight: 50 }], spec))
    await world.until('deployed', world.healthy)
    world.image('app:bad')
    await world.until('aborted', () => world.status.abort === true)
    await world.advance(2000)
    expect(world.status).toMatchObject({ phase: 'Degraded', availableReplicas: 3 })
    expect(world.running()).toEqual(['app:1', 'app:1', 'app:1'])
    expect(world.reasons()).toContain('RolloutAborted')
  })

  it('is stuck after its deadline without an abort, and says so', async () => {
    await using world = new RolloutWorld({
      readyAfterMs: (pod) => (pod.spec.containers[0].image === 'app:bad' ? undefined : 1000),
    })
    world.client.create(
      'argoproj.io/v1alpha1/rollouts',
      canary([{ setWeight: 50 }], { progressDeadlineSeconds: 10 }),
    )
    await world.until('deployed', world.healthy)
    world.image('app:bad')
    await world.advance(13_000)
    expect(world.reason('Progressing')).toBe('ProgressDeadlineExceeded')
    expect(world.status.message).toMatch(
      /^ProgressDeadlineExceeded: ReplicaSet "api-\w+" has timed out progressing\.$/,
    )
    expect(world.status.abort).toBeUndefined()
    world.image('app:1')
    await world.until('back', world.healthy)
  })
})

describe('beside an update', () => {
  it('follows an HPA in the middle of a canary, and stays at its step', async () => {
    await using world = new RolloutWorld()
    world.client.create(
      'argoproj.io/v1alpha1/rollouts',
      canary([{ setWeight: 50 }, { pause: {} }], { replicas: 2 }),
    )
    await world.until('deployed', world.healthy)
    world.image('app:2')
    await world.until('paused', world.paused)
    world.client.setScale('argoproj.io/v1alpha1/rollouts', 'default', NAME, 6)
    await world.until('scaled up', () => world.sizes('app:1', 'app:2') === '3/3')
    expect(world.status).toMatchObject({ currentStepIndex: 1, phase: 'Paused' })
    await world.until('counted', () => world.status.HPAReplicas === 6)
    world.client.setScale('argoproj.io/v1alpha1/rollouts', 'default', NAME, 2)
    await world.until('scaled down', () => world.sizes('app:1', 'app:2') === '1/1')
    world.say({ pauseConditions: null })
    await world.until('promoted', world.healthy)
    expect(world.running()).toEqual(['app:2', 'app:2'])
  })

  it('points stable and canary Services at their ReplicaSets', async () => {
    await using world = new RolloutWorld()
    world.client.create('v1/services', service('stable'))
    world.client.create('v1/services', service('canary'))
    const strategy = {
      canary: { stableService: 'stable', canaryService: 'canary', steps: [{ setWeight: 50 }, { pause: {} }] },
    }
    world.client.create('argoproj.io/v1alpha1/rollouts', canary([], { replicas: 2, strategy }))
    await world.until('deployed', world.healthy)
    const first = world.status.stableRS
    expect([world.hash('stable'), world.hash('canary')]).toEqual([first, first])
    world.image('app:2')
    await world.until('paused', world.paused)
    const second = world.status.currentPodHash
    expect([world.hash('stable'), world.hash('canary')]).toEqual([first, second])
    world.say({ abort: true })
    await world.until('aborted', () => world.hash('canary') === first)
    world.say({ abort: false })
    await world.until('paused again', world.paused)
    world.say({ promoteFull: true })
    await world.until('promoted', world.healthy)
    expect([world.hash('stable'), world.hash('canary')]).toEqual([second, second])
  })

  it('restarts pods that are older, one at a time', async () => {
    await using world = new RolloutWorld()
    world.client.create('argoproj.io/v1alpha1/rollouts', canary([], { replicas: 3 }))
    await world.until('deployed', world.healthy)
    const before = world.client.list('v1/pods').map(({ metadata }) => metadata.uid)
    let fewest = 3
    world.client.watch('v1/pods', () => {
      fewest = Math.min(fewest, world.ready)
    })
    await world.advance(2000)
    const restartAt = new Date(world.clock.now()).toISOString().replace('.000Z', 'Z')
    world.spec({ restartAt })
    await world.advance(1000)
    expect(world.status.message).toBe('rollout is restarting')
    await world.until('restarted', () => world.status.restartedAt === restartAt)
    const after = world.client.list('v1/pods').map(({ metadata }) => metadata.uid)
    expect(after.filter((uid) => before.includes(uid))).toEqual([])
    expect(fewest).toBe(2)
  })

  it('deletes ReplicaSets beyond revisionHistoryLimit', async () => {
    await using world = new RolloutWorld()
    world.client.create('argoproj.io/v1alpha1/rollouts', canary([], { revisionHistoryLimit: 1 }))
    for (const image of ['app:2', 'app:3', 'app:4']) {
      await world.until(`before ${image}`, world.healthy)
      await world.advance(1000)
      world.image(image)
    }
    await world.until('last', world.healthy)
    await world.advance(2000)
    const images = world.client.list(REPLICA_SETS).map(({ spec }) => spec.template.spec.containers[0].image)
    expect(images.sort()).toEqual(['app:3', 'app:4'])
  })

  it('stands still while a person has paused it', async () => {
    await using world = new RolloutWorld()
    world.client.create('argoproj.io/v1alpha1/rollouts', canary(STEPS, { replicas: 2 }))
    await world.until('deployed', world.healthy)
    world.spec({ paused: true })
    world.image('app:2')
    await world.advance(20_000)
    expect(world.status).toMatchObject({ phase: 'Paused', message: 'manually paused' })
    expect(world.running()).toEqual(['app:1', 'app:1'])
    world.spec({ paused: false })
    await world.until('done', world.healthy)
    expect(world.running()).toEqual(['app:2', 'app:2'])
  })
})
