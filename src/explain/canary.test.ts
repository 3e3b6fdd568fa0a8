import fc from 'fast-check'
import { expect, test } from 'vitest'
import { approximateCounts } from '../embedded/controllers/rollout/replicas/approximate.ts'
import { replicaSetObject, rolloutObject } from '../rollout/testing-objects.ts'
import { canaryTargets, surges } from './canary-arithmetic.ts'
import type { Snapshot } from './snapshot.ts'
import { before, object, pods, RELEASE, told } from './testing.ts'

const FAST_STEPS = [{ setWeight: 20 }, { pause: { duration: '2m' } }, { setWeight: 50 }]
const one = { replicas: 1, strategy: { canary: { maxSurge: 1, maxUnavailable: 0, steps: FAST_STEPS } } }

function coreApi(spec: object, status: object, parts: Partial<Snapshot> = {}): string[] {
  const rollout = rolloutObject({ spec, status })
  return told('core-api', {
    workloads: [rollout],
    replicaSets: [replicaSetObject(1, 'aaa', 1), replicaSetObject(2, 'bbb', 1)],
    pods: pods('core-api', 2),
    ...parts,
  })
}

test('a pause at 20 % of one replica: half of the requests, and when it ends', () => {
  const pauseConditions = [{ reason: 'CanaryPauseStep', startTime: before(30) }]
  expect(coreApi(one, { pauseConditions, availableReplicas: 2 })).toMatchInlineSnapshot(`
    [
      "autoscaler: Nothing scales it: spec.replicas is 1, and stays so until somebody changes it.",
      "rollout: The Rollout is Paused: CanaryPauseStep.",
      "canary: Stable is core-api:1; the canary is core-api:2.",
      "step: Step 2 of 3: pause of 2m.",
      "weight: The steps ask for 20 % of 1 replica: without a traffic router the nearest is 1 canary + 1 stable = 50 %; 1 + 1 are available (50 %).",
      "replicas: Rollout team1-project-core-api asks for 1 pod.",
      "pods: 2 pods, all ready.",
      "next: In 90 s the pause ends and the next step begins.",
      "trap weight-by-replicas: The step says 20 %, but with 1 replica and no traffic router the canary gets 50 % of the requests.",
    ]
  `)
})

test('steps that the Application sets are not those of git', () => {
  const valuesObject = { 'core-api': { canary: { steps: FAST_STEPS } } }
  const resources = [{ kind: 'Rollout', name: 'team1-project-core-api' }]
  const application = (values: object) =>
    object('Application', RELEASE, {
      spec: { source: { helm: { valuesObject: values } } },
      status: { resources },
    })
  const told = (values: object) =>
    coreApi(one, { availableReplicas: 2 }, { applications: [application(values)] }).find((line) =>
      line.startsWith('steps'),
    )
  expect(told(valuesObject)).toMatchInlineSnapshot(
    `"steps: The steps are those of the Application (spec.source.helm.valuesObject, core-api.canary.steps): they override values.yaml, so that an edit of it in git does not change them."`,
  )
  expect(told({ 'core-api': { canary: { maxSurge: 1 } } })).toBeUndefined()
})

test('a pause without an end waits for people', () => {
  const answer = coreApi({ replicas: 4 }, { availableReplicas: 4 })
  expect(answer.find((line) => line.startsWith('next'))).toMatchInlineSnapshot(
    `"next: Nothing by itself: \`npm run rollout -- promote\` goes on, \`npm run rollout -- abort\` goes back."`,
  )
})

test('an aborted release under GitOps', () => {
  const conditions = [
    {
      type: 'Progressing',
      status: 'False',
      reason: 'RolloutAborted',
      message: 'Rollout aborted update to revision 2',
    },
  ]
  const status = {
    abort: true,
    phase: 'Degraded',
    message: 'RolloutAborted: x',
    pauseConditions: undefined,
    controllerPause: false,
    conditions,
  }
  const application = object('Application', 'x', {
    metadata: { name: RELEASE, namespace: 'argocd' },
    status: { resources: [{ kind: 'Rollout', name: `${RELEASE}-core-api` }] },
  })
  expect(coreApi({ replicas: 4 }, status, { applications: [application] }).slice(1)).toMatchInlineSnapshot(`
    [
      "rollout: The Rollout is Degraded: RolloutAborted: x.",
      "canary: Stable is core-api:1; the canary is core-api:2.",
      "aborted: Aborted, all traffic is on the stable version: Rollout aborted update to revision 2.",
      "replicas: Rollout team1-project-core-api asks for 4 pods.",
      "pods: 2 pods, all ready.",
      "next: Nothing by itself: \`npm run rollout -- retry\` starts the update again, a new version replaces it.",
      "trap undo-under-gitops: Argo CD (team1-project) syncs this Rollout: \`undo\` changes the template in the cluster only, and self-heal puts that of git back.",
    ]
  `)
})

test('a canary whose pod fails: the pod first, then the deadline', () => {
  const conditions = [{ type: 'Progressing', status: 'True', lastUpdateTime: before(60) }]
  const [stable, canary] = pods('core-api', 2)
  canary!.status.conditions = [{ type: 'Ready', status: 'False' }]
  canary!.status.containerStatuses = [
    {
      name: 'core-api',
      image: 'x:2',
      state: { waiting: { reason: 'ErrImagePull', message: 'manifest unknown' } },
    },
  ]
  const answer = coreApi(
    { replicas: 4 },
    { currentStepIndex: 0, pauseConditions: undefined, controllerPause: false, conditions },
    { pods: [stable!, canary!] },
  )
  expect(answer.find((line) => line.startsWith('next'))).toMatchInlineSnapshot(
    `"next: Nothing gets better by waiting alone: \`npm run why -- pod/team1-project-core-api-2\` says why. It goes on when the pods for this step are available; without progress it counts as failed in 9 min."`,
  )
})

test('an HPA on the Rollout during its canary is a trap, without one there is none', () => {
  const hpa = object('HorizontalPodAutoscaler', 'core-api', {
    spec: {
      scaleTargetRef: { kind: 'Rollout', name: `${RELEASE}-core-api` },
      minReplicas: 2,
      maxReplicas: 5,
      metrics: [],
    },
  })
  const traps = (parts: Partial<Snapshot>) =>
    coreApi({ replicas: 4 }, { availableReplicas: 4 }, parts).filter((line) => line.startsWith('trap'))
  expect(traps({}).length).toBe(0)
  expect(traps({ hpas: [hpa] })[0]).toContain('hpa-during-canary')
})

test('the split of pods is the one that the controller makes', () => {
  fc.assert(
    fc.property(fc.nat(60), fc.integer({ min: 0, max: 100 }), fc.nat(3), (replicas, weight, surge) => {
      expect(canaryTargets(replicas, weight, surges(surge))).toEqual(
        approximateCounts(replicas, weight, surge),
      )
    }),
    { numRuns: 2000 },
  )
})

test('an invalid spec says that nothing happens until it is corrected', () => {
  const message = 'InvalidSpec: spec.strategy.steps[0].setWeight: Invalid value: 150'
  const conditions = [{ type: 'InvalidSpec', status: 'True', reason: 'InvalidSpec', message }]
  const told = coreApi(one, {
    phase: 'Degraded',
    message,
    conditions,
    stableRS: 'bbb',
    currentPodHash: 'bbb',
  })
  expect(told.find((line) => line.startsWith('next'))).toContain('until the spec is corrected')
})
