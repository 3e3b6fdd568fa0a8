/** Objects and snapshots for the tests of this folder. Times count from NOW. */
import type { KubeObject } from '../lib/kube/object.ts'
import type { QueueDepth } from '../lib/rabbitmq.ts'
import { explain } from './find.ts'
import type { Snapshot } from './snapshot.ts'

export const NOW = Date.UTC(2026, 0, 1, 12)
export const NAMESPACE = 'team1-ns'
export const RELEASE = 'team1-project'

/** RFC 3339 of a moment `seconds` ago. */
export function before(seconds: number): string {
  return new Date(NOW - seconds * 1000).toISOString().replace('.000Z', 'Z')
}

export function object(kind: string, name: string, rest: Partial<KubeObject> = {}): KubeObject {
  const { metadata, ...others } = rest
  return {
    apiVersion: API_VERSIONS[kind] ?? 'v1',
    kind,
    metadata: { name: `${RELEASE}-${name}`, namespace: NAMESPACE, uid: `${kind}/${name}`, ...metadata },
    ...others,
  }
}

const API_VERSIONS: Record<string, string> = {
  Deployment: 'apps/v1',
  Rollout: 'argoproj.io/v1alpha1',
  Application: 'argoproj.io/v1alpha1',
}

export function snapshot(parts: Partial<Snapshot> = {}): Snapshot {
  return {
    now: NOW,
    workloads: [],
    replicaSets: [],
    pods: [],
    scaledObjects: [],
    hpas: [],
    triggerAuthentications: [],
    externalSecrets: [],
    secretStores: [],
    secrets: [],
    applications: [],
    outOfSync: [],
    analysisRuns: [],
    disruptionBudgets: [],
    services: [],
    ingresses: [],
    nodes: [],
    events: [],
    lastWords: {},
    queues: [],
    unreadable: [],
    ...parts,
  }
}

/** The explanation as `why` prints it, one line a link. */
export function told(name: string, parts: Partial<Snapshot>): string[] {
  const { chain, next, traps } = explain(name, RELEASE, snapshot(parts))
  return [
    ...chain.map(({ step, text }) => `${step}: ${text}`),
    `next: ${next.text}`,
    ...traps.map(({ code, text }) => `trap ${code}: ${text}`),
  ]
}

export function pod(name: string, ready: boolean, parts: Partial<KubeObject> = {}): KubeObject {
  const { metadata, spec, status } = parts
  const app = name.replace(/-\d+$/, '')
  return object('Pod', name, {
    metadata: { name: `${RELEASE}-${name}`, labels: { app }, ...metadata },
    spec: { nodeName: 'node-1', containers: [{ name: app }], ...spec },
    status: {
      phase: 'Running',
      conditions: [
        { type: 'PodScheduled', status: 'True' },
        { type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: before(30) },
      ],
      containerStatuses: [
        { name: app, ready, restartCount: 0, state: { running: { startedAt: before(40) } } },
      ],
      ...status,
    },
  })
}

export function pods(app: string, count: number): KubeObject[] {
  return Array.from({ length: count }, (_, index) => pod(`${app}-${index + 1}`, true))
}

export function deployment(name: string, replicas: number, parts: Partial<KubeObject> = {}): KubeObject {
  const template = { metadata: { labels: { app: name } }, spec: { containers: [{ name }] } }
  return object('Deployment', name, {
    spec: { replicas, selector: { matchLabels: { app: name } }, template },
    status: { replicas },
    ...parts,
  })
}

export const QUEUE = 'question_generation_task'

export function depth(ready: number, unacked = 0, consumers = 0): QueueDepth[] {
  return [{ name: QUEUE, ready, unacked, consumers }]
}

/** The worker's ScaledObject; `active` undefined: KEDA has not looked. */
export function scaledObject(
  active: boolean | undefined,
  spec: object = {},
  parts: Partial<KubeObject> = {},
) {
  const metadata = { protocol: 'http', host: 'http://rabbitmq:15672', queueName: QUEUE, queueLength: '10' }
  const conditions = [
    { type: 'Ready', status: 'True' },
    ...(active === undefined ? [] : [{ type: 'Active', status: active ? 'True' : 'False' }]),
  ]
  return object('ScaledObject', 'question-worker-scaler', {
    spec: {
      scaleTargetRef: { name: `${RELEASE}-question-worker` },
      maxReplicaCount: 5,
      triggers: [{ type: 'rabbitmq', metadata, authenticationRef: { name: 'rabbitmq-auth' } }],
      ...spec,
    },
    status: { conditions, lastActiveTime: before(2) },
    ...parts,
  })
}

/** KEDA's HPA of the worker, with what it decided last. */
export function queueHpa(status: object = {}, spec: object = {}): KubeObject {
  const metric = { name: `s0-rabbitmq-${QUEUE}` }
  return object('HorizontalPodAutoscaler', 'question-worker-hpa', {
    metadata: {
      name: 'keda-hpa-question-worker',
      ownerReferences: [
        {
          apiVersion: 'keda.sh/v1alpha1',
          kind: 'ScaledObject',
          name: 'x',
          uid: 'ScaledObject/question-worker-scaler',
        },
      ],
    },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: `${RELEASE}-question-worker` },
      minReplicas: 1,
      maxReplicas: 5,
      metrics: [
        { type: 'External', external: { metric, target: { type: 'AverageValue', averageValue: '10' } } },
      ],
      ...spec,
    },
    status,
  })
}
