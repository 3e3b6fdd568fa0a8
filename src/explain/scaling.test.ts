import { expect, test } from 'vitest'
import { explain } from './find.ts'
import type { Snapshot } from './snapshot.ts'
import {
  before,
  deployment,
  depth,
  object,
  pod,
  pods,
  QUEUE,
  queueHpa,
  RELEASE,
  scaledObject,
  snapshot,
  told,
} from './testing.ts'

const WORKER = 'question-worker'

/** The worker under KEDA; `parts` replace what differs. */
function worker(replicas: number, parts: Partial<Snapshot>): string[] {
  return told(WORKER, {
    workloads: [deployment(WORKER, replicas)],
    pods: pods(WORKER, replicas),
    scaledObjects: [scaledObject(true)],
    hpas: [queueHpa({ desiredReplicas: replicas, lastScaleTime: before(65) })],
    ...parts,
  })
}

test('at rest: what would wake it', () => {
  expect(
    worker(0, { scaledObjects: [scaledObject(false)], queues: depth(0), hpas: [queueHpa()] }),
  ).toMatchInlineSnapshot(`
    [
      "messages: Queue question_generation_task is empty; 0 consumers.",
      "trigger: KEDA's trigger (protocol http) counts ready + unacked = 0; one replica for every 10, active above 0.",
      "active: KEDA looks every 30 s; at its last look it saw no work.",
      "arithmetic: The HPA rests: it never leaves 0 by itself.",
      "replicas: Deployment team1-project-question-worker asks for 0 pods.",
      "pods: There are no pods.",
      "next: Nothing until a message comes to question_generation_task; KEDA sees that within 30 s and starts 1.",
    ]
  `)
})

test('messages at zero: KEDA first, whatever the backlog', () => {
  const answer = worker(0, { scaledObjects: [scaledObject(false)], queues: depth(500), hpas: [queueHpa()] })
  expect(answer.at(-2)).toMatchInlineSnapshot(
    `"next: At KEDA's next look, within 30 s, it goes from 0 to 1; from there on the HPA reckons."`,
  )
})

test('scale-out: arithmetic, clamp and policy', () => {
  expect(worker(1, { queues: depth(59, 1, 1) })).toMatchInlineSnapshot(`
    [
      "messages: Queue question_generation_task holds 60 messages: 59 ready, 1 unacked; 1 consumer.",
      "trigger: KEDA's trigger (protocol http) counts ready + unacked = 60; one replica for every 10, active above 0.",
      "active: KEDA looks every 30 s; at its last look it saw work.",
      "metric: Queue question_generation_task: 60 in all, over 1 replica; the target is 10 a replica.",
      "arithmetic: The HPA reckons ceil(60 / 10) = 6.",
      "bounds: Between 1 and 5: 6 is cut to 5.",
      "policies: From 1 it may go at most to 4 in one look (twice as many, or 4): to 4 first.",
      "decision: At its last look the HPA asked for 1 replica; it last changed them 1 min 05 s ago.",
      "replicas: Deployment team1-project-question-worker asks for 1 pod.",
      "pods: 1 pod, ready.",
      "cooldown: Cooldown has not begun: it counts 5 min from the last look that found messages.",
      "next: At the HPA's next look (every 15 s by default) it goes from 1 to 4.",
    ]
  `)
})

test('within the tolerance nothing changes, and the edges are named', () => {
  expect(worker(3, { queues: depth(29, 3, 3) }).slice(3)).toMatchInlineSnapshot(`
    [
      "metric: Queue question_generation_task: 32 in all, over 3 replicas; the target is 10 a replica.",
      "arithmetic: The HPA reckons ceil(32 / 10) = 4, but 1.07 of the target is within the tolerance 0.9–1.1: 3 stay.",
      "bounds: Between 1 and 5: 3 is allowed.",
      "decision: At its last look the HPA asked for 3 replicas; it last changed them 1 min 05 s ago.",
      "replicas: Deployment team1-project-question-worker asks for 3 pods.",
      "pods: 3 pods, all ready.",
      "cooldown: Cooldown has not begun: it counts 5 min from the last look that found messages.",
      "next: The HPA keeps 3: more than 33 messages asks for more; 20 messages or fewer for fewer.",
    ]
  `)
})

test('scale-in: the window holds, and its default of five minutes is a known trap', () => {
  const hpa = queueHpa({
    desiredReplicas: 5,
    conditions: [{ type: 'AbleToScale', status: 'True', reason: 'ScaleDownStabilized' }],
  })
  expect(worker(5, { queues: depth(10, 5, 5), hpas: [hpa] }).slice(3)).toMatchInlineSnapshot(`
    [
      "metric: Queue question_generation_task: 15 in all, over 5 replicas; the target is 10 a replica.",
      "arithmetic: The HPA reckons ceil(15 / 10) = 2.",
      "bounds: Between 1 and 5: 2 is allowed.",
      "window: Going down waits until no look of the last 5 min asked for more (scale-down window).",
      "policies: From 5 it may go by at most 100 % removed in 15 s: 2 is within that.",
      "decision: At its last look the HPA asked for 5 replicas, held by the window.",
      "replicas: Deployment team1-project-question-worker asks for 5 pods.",
      "pods: 5 pods, all ready.",
      "cooldown: Cooldown has not begun: it counts 5 min from the last look that found messages.",
      "next: Within 5 min 15 s the HPA goes from 5 to 2, if nothing asks for more.",
      "trap scale-down-window: It would go down already, but the HPA waits out its window of 5 min. KEDA’s cooldownPeriod does not shorten it: that is for the last step, to 0.",
    ]
  `)
})

test('empty queue: the cooldown runs', () => {
  const scaled = scaledObject(false, { cooldownPeriod: 300 }, {})
  expect(worker(1, { queues: depth(0), scaledObjects: [scaled] }).slice(-3)).toMatchInlineSnapshot(`
    [
      "pods: 1 pod, ready.",
      "cooldown: 4 min 58 s of the 5 min cooldown are left.",
      "next: Within 5 min 28 s KEDA scales from 1 to 0, unless messages arrive.",
    ]
  `)
})

test('the HPA of a real cluster without live queues uses what its status says', () => {
  const currentMetrics = [{ type: 'External', external: { current: { averageValue: '16667m' } } }]
  const answer = worker(3, {
    queues: 'connect ECONNREFUSED',
    hpas: [queueHpa({ desiredReplicas: 3, currentMetrics })],
  })
  expect([answer[0], answer[3], answer[4]]).toMatchInlineSnapshot(`
    [
      "messages: RabbitMQ could not be asked about queue question_generation_task: connect ECONNREFUSED.",
      "metric: Queue question_generation_task: 50 in all, over 3 replicas; the target is 10 a replica.",
      "arithmetic: The HPA reckons ceil(50 / 10) = 5.",
    ]
  `)
})

test('above the maximum the metrics are not asked', () => {
  expect(worker(7, { queues: depth(0) }).slice(3, 4)).toMatchInlineSnapshot(`
    [
      "bounds: 7 is above the maximum, 5: the HPA goes to 5 whatever it measures.",
    ]
  `)
})

test('a pause annotation stops everything', () => {
  const annotations = { 'autoscaling.keda.sh/paused-replicas': '2', 'autoscaling.keda.sh/paused': 'false' }
  const paused = scaledObject(true, {}, { metadata: { name: 'x', annotations } })
  expect(worker(2, { scaledObjects: [paused], queues: depth(90) }).slice(2)).toMatchInlineSnapshot(`
    [
      "paused: KEDA is paused by autoscaling.keda.sh/paused-replicas: "2": 2 replicas stay.",
      "replicas: Deployment team1-project-question-worker asks for 2 pods.",
      "pods: 2 pods, all ready.",
      "next: Nothing changes until the annotation is removed: \`kubectl annotate scaledobject x -n team1-ns autoscaling.keda.sh/paused-replicas-\` does that.",
    ]
  `)
})

const amqp = {
  triggers: [
    {
      type: 'rabbitmq',
      metadata: { host: 'amqp://rabbitmq', queueName: 'x', mode: 'QueueLength', value: '5' },
    },
  ],
}
const refused = {
  status: { conditions: [{ type: 'Ready', status: 'False', reason: 'TriggerError', message: 'generic' }] },
}
const refusal = {
  reason: 'KEDAScalerFailed',
  message: 'error requesting RabbitMQ API status: 401 Unauthorized, response: {}, from: http://rabbitmq',
  involvedObject: { kind: 'ScaledObject', name: `${RELEASE}-question-worker-scaler` },
}
const secondHpa = object('HorizontalPodAutoscaler', 'second', {
  spec: queueHpa().spec,
  metadata: { name: 'second' },
})
const tracked = {
  name: `${RELEASE}-${WORKER}`,
  managedFields: [{ manager: 'argocd-controller', fieldsV1: { 'f:spec': { 'f:replicas': {} } } }],
}
const application = object('Application', 'app', {
  metadata: { name: RELEASE, namespace: 'argocd' },
  status: { resources: [{ kind: 'Deployment', name: `${RELEASE}-${WORKER}`, namespace: 'team1-ns' }] },
})

test.each<[string, number, Partial<Snapshot>]>([
  ['missing-queue amqp-counts-ready-only', 1, { scaledObjects: [scaledObject(true, amqp)] }],
  ['missing-queue', 0, { queues: [] }],
  ['stale-credential', 1, { queues: 'RabbitMQ answered 401: not_authorized' }],
  ['polling-interval', 0, { queues: depth(3) }],
  ['', 0, { queues: depth(3), scaledObjects: [scaledObject(false, { pollingInterval: 1 })] }],
  [
    'stale-credential',
    1,
    {
      scaledObjects: [scaledObject(true, {}, refused)],
      events: [object('Event', 'e', refusal)],
      queues: depth(0),
    },
  ],
  [
    'cooldown-only-to-zero',
    2,
    { scaledObjects: [scaledObject(true, { minReplicaCount: 2, cooldownPeriod: 60 })], queues: depth(0) },
  ],
  ['two-autoscalers', 1, { hpas: [queueHpa(), secondHpa], queues: depth(0) }],
  [
    'static-replicas',
    1,
    {
      workloads: [deployment(WORKER, 1, { metadata: tracked })],
      applications: [application],
      queues: depth(0),
    },
  ],
  [
    '',
    1,
    {
      workloads: [deployment(WORKER, 1, { metadata: { name: `${RELEASE}-${WORKER}` } })],
      applications: [application],
      queues: depth(0),
    },
  ],
])('recognises "%s"', (codes, replicas, parts) => {
  const traps = worker(replicas, parts).filter((line) => line.startsWith('trap '))
  expect(traps.map((line) => line.slice(5, line.indexOf(':'))).join(' ')).toBe(codes)
})

const broker = deployment('rabbitmq', 0)
broker.spec.template.spec.containers[0].image = 'rabbitmq:3.13-management-alpine'

test('a broker that is scaled away is named, and how to bring it back', () => {
  const answer = worker(0, {
    workloads: [deployment(WORKER, 0), broker],
    queues: 'connect ECONNREFUSED 127.0.0.1:15672',
  })
  expect(answer.at(-1)).toMatch(
    /^trap broker-away: RabbitMQ does not answer, as Deployment \S+ is scaled to 0/,
  )
})

test('an authentication that names another Secret than the broker has', () => {
  const container = { name: 'rabbitmq', image: 'rabbitmq:3.13', envFrom: [{ secretRef: { name: 'own' } }] }
  const auth = object('TriggerAuthentication', 'rabbitmq-auth', {
    metadata: { name: 'rabbitmq-auth' },
    spec: { secretTargetRef: [{ name: 'other', key: 'x', parameter: 'password' }] },
  })
  const answer = worker(1, {
    scaledObjects: [scaledObject(true, {}, refused)],
    triggerAuthentications: [auth],
    pods: [pod('rabbitmq-1', true, { spec: { containers: [container] } })],
    events: [object('Event', 'e', refusal)],
    queues: depth(0),
  })
  expect(answer.at(-1)).toContain('takes it from Secret other, the broker is started with own')
})

test('a queue whose name was cut short', () => {
  const near = { name: `${QUEUE}_v2`, ready: 0, unacked: 0, consumers: 0 }
  const parts = { workloads: [deployment(WORKER, 0)], scaledObjects: [scaledObject(false)], queues: [near] }
  const { traps } = explain(WORKER, RELEASE, snapshot(parts))
  expect(traps[0]?.fix).toMatch(/^Was question_generation_task_v2 meant\?/)
})

test('beside an HPA made by hand it is KEDA’s own that is explained', () => {
  const answer = worker(2, { hpas: [secondHpa, queueHpa({ desiredReplicas: 2 })], queues: depth(15) })
  expect(answer).toContain('decision: At its last look the HPA asked for 2 replicas.')
})

test('the cause is taken from the event, as the condition is generic', () => {
  const answer = worker(1, {
    scaledObjects: [scaledObject(true, {}, refused)],
    events: [object('Event', 'e', refusal)],
    queues: depth(0),
  })
  expect(answer[2]).toContain('401 Unauthorized')
})

test('pods that do not start outrank the arithmetic', () => {
  const waiting = { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "x:1"' } }
  const stuck = pod(`${WORKER}-1`, false, {
    status: { containerStatuses: [{ name: WORKER, image: 'x:1', state: waiting }] },
  })
  expect(worker(1, { pods: [stuck], queues: depth(5) }).slice(-3)).toMatchInlineSnapshot(`
    [
      "cooldown: Cooldown has not begun: it counts 5 min from the last look that found messages.",
      "next: Nothing gets better by waiting alone: \`npm run why -- pod/team1-project-question-worker-1\` says why.",
      "trap image-pull: Image x:1 cannot be pulled: mostly a tag that does not exist, or a registry out of reach.",
    ]
  `)
})

test('cpu on an HPA alone', () => {
  const hpa = object('HorizontalPodAutoscaler', 'frontend', {
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: `${RELEASE}-frontend` },
      minReplicas: 1,
      maxReplicas: 5,
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { averageUtilization: 70 } } }],
    },
    status: {
      desiredReplicas: 2,
      currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 140 } } }],
    },
  })
  expect(
    told('frontend', { workloads: [deployment('frontend', 2)], pods: pods('frontend', 2), hpas: [hpa] }),
  ).toMatchInlineSnapshot(`
    [
      "metric: The pods use 140 % of the cpu they request; the target is 70 %.",
      "arithmetic: The HPA reckons ceil(2 × 140 / 70) = 4.",
      "bounds: Between 1 and 5: 4 is allowed.",
      "policies: From 2 it may go at most to 4 in one look (twice as many, or 4): 4 is within that.",
      "decision: At its last look the HPA asked for 2 replicas.",
      "replicas: Deployment team1-project-frontend asks for 2 pods.",
      "pods: 2 pods, all ready.",
      "next: At the HPA's next look (every 15 s by default) it goes from 2 to 4.",
    ]
  `)
})
