import { expect, test } from 'vitest'
import type { KubeObject } from '../lib/kube/object.ts'
import { hpa, object, pod, scaledObject, workload } from './testing-objects.ts'
import { type Objects, workloadStatuses } from './workloads.ts'

const NOW = Date.UTC(2026, 0, 1, 12, 0, 0)

function only(workloads: KubeObject[], more: Partial<Objects> = {}) {
  const [status] = workloadStatuses({ workloads, pods: [], scaledObjects: [], hpas: [], ...more }, NOW)
  return status!
}

const active = { type: 'Active', status: 'True' }
const inactive = { type: 'Active', status: 'False', reason: 'ScalerNotActive' }
const ready = { type: 'Ready', status: 'True' }

test('a worker at zero says that its queue is empty', () => {
  const status = only([workload('w', 0, 0)], { scaledObjects: [scaledObject('w', [ready, inactive])] })
  expect(status).toMatchObject({
    desired: 0,
    ready: 0,
    state: 'ok',
    why: 'idle: queue question_generation_task empty',
  })
})

test('a worker that cools down says when it goes', () => {
  const lastActiveTime = new Date(NOW - 5_000).toISOString()
  const scaled = scaledObject('w', [ready, inactive], { lastActiveTime })
  expect(only([workload('w', 1, 1)], { scaledObjects: [scaled] }).why).toBe(
    'idle: queue question_generation_task empty, to 0 in 15.0 s',
  )
})

test('a busy worker says what the HPA measures and which bound holds', () => {
  const status = {
    desiredReplicas: 5,
    currentMetrics: [{ type: 'External', external: { current: { averageValue: '40' } } }],
    conditions: [
      { type: 'ScalingActive', status: 'True' },
      { type: 'ScalingLimited', status: 'True', reason: 'TooManyReplicas' },
    ],
  }
  const found = only([workload('w', 5, 5)], {
    scaledObjects: [scaledObject('w', [ready, active])],
    hpas: [hpa('w', status)],
  })
  expect(found.why).toBe('queue question_generation_task 40 a pod, target 10 → 5 of 1–5 (the maximum)')
})

test('a trigger that KEDA cannot read is failing, with its message', () => {
  const broken = {
    type: 'Ready',
    status: 'False',
    reason: 'TriggerError',
    message: 'Triggers are not working',
  }
  const found = only([workload('w', 0, 0)], { scaledObjects: [scaledObject('w', [broken])] })
  expect(found).toMatchObject({
    state: 'failing',
    why: 'KEDA cannot scale: Triggers are not working (npm run why -- w)',
  })
})

test('an update whose pods never start is failing, though the old ones serve', () => {
  const waiting = { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "x:1"' } }
  const found = only([workload('w', 1, 1)], {
    pods: [pod('w', true, { running: {} }), pod('w', false, waiting)],
  })
  expect(found).toMatchObject({
    state: 'failing',
    why: expect.stringMatching(
      /^the new version does not start \(the old one serves\): 1 pod: ImagePullBackOff/,
    ),
  })
})

test('paused by annotation', () => {
  const annotations = { 'autoscaling.keda.sh/paused-replicas': '2' }
  const found = only([workload('w', 2, 2)], { scaledObjects: [scaledObject('w', [ready], {}, annotations)] })
  expect(found.why).toBe('KEDA paused at 2 by annotation')
})

test('pods that are on their way are progressing, pods that cannot start are failing', () => {
  const creating = only([workload('w', 1, 0)], {
    pods: [pod('w', false, { waiting: { reason: 'ContainerCreating' } })],
  })
  expect(creating).toMatchObject({
    state: 'progressing',
    why: 'fixed number of replicas; 1 pod: ContainerCreating',
  })
  const state = { waiting: { reason: 'ErrImagePull', message: 'no runner\nfor image x' } }
  const unmapped = only([workload('w', 1, 0)], { pods: [pod('w', false, state), pod('other', false, {})] })
  expect(unmapped).toMatchObject({ state: 'failing', why: '1 pod: ErrImagePull, no runner for image x' })
})

test('a crash and a restart show their exit codes', () => {
  const crashed = pod('w', false, { terminated: { reason: 'Error', exitCode: 1 } })
  expect(only([workload('w', 1, 0)], { pods: [crashed] }).why).toBe('1 pod: Error, exit code 1')
  const again = pod(
    'w',
    false,
    { running: {} },
    { restartCount: 3, lastState: { terminated: { exitCode: 137 } } },
  )
  expect(only([workload('w', 1, 0)], { pods: [again] }).why).toMatch(/after 3 restarts, last exit code 137/)
})

test('pods that cannot be created, and a passed progress deadline', () => {
  const conditions = [{ type: 'ReplicaFailure', status: 'True', message: 'forbidden: quota' }]
  expect(only([workload('w', 1, 0, { conditions })])).toMatchObject({
    state: 'failing',
    why: 'forbidden: quota',
  })
  const stuck = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }]
  expect(only([workload('w', 1, 0, { conditions: stuck })])).toMatchObject({ state: 'failing' })
})

test('a Rollout says where its canary stands, and comes first', () => {
  const steps = [{ setWeight: 20 }, { pause: {} }, { setWeight: 100 }]
  const rollout = workload(
    'core',
    1,
    1,
    { phase: 'Paused', message: 'CanaryPauseStep', currentStepIndex: 1 },
    'Rollout',
  )
  rollout.spec.strategy = { canary: { steps } }
  const all = workloadStatuses(
    { workloads: [workload('a', 0, 0), rollout], pods: [], scaledObjects: [], hpas: [] },
    NOW,
  )
  expect(all.map(({ kind, why }) => [kind, why])).toEqual([
    ['Rollout', 'canary at step 1/3, weight 20%, CanaryPauseStep'],
    ['Deployment', 'set to zero by hand'],
  ])
})

test('an HPA on CPU', () => {
  const metrics = [
    { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
  ]
  const scaleTargetRef = { kind: 'Deployment', name: 'web' }
  const cpu = object(
    'HorizontalPodAutoscaler',
    'web',
    { scaleTargetRef, minReplicas: 1, maxReplicas: 5, metrics },
    {
      desiredReplicas: 1,
      currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 3 } } }],
    },
  )
  expect(only([workload('web', 1, 1)], { hpas: [cpu] }).why).toBe('cpu 3% of target 70% → 1 of 1–5')
})
