/** Objects of a canary in the middle of its steps, as the API answers them: for the tests of views and verbs. */
import type { KubeObject } from '../lib/kube/object.ts'
import type { RolloutObjects } from './find.ts'
import { HASH_LABEL } from './names.ts'

const NAMESPACE = 'team1-ns'
const CREATED = '2026-01-01T00:00:00Z'

export function rolloutObject(
  overrides: { spec?: object; status?: object; annotations?: object } = {},
): KubeObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: {
      name: 'team1-project-core-api',
      namespace: NAMESPACE,
      uid: 'rollout',
      generation: 2,
      creationTimestamp: CREATED,
      annotations: { 'rollout.argoproj.io/revision': '2', ...overrides.annotations },
    },
    spec: {
      replicas: 4,
      selector: { matchLabels: { app: 'core-api' } },
      template: template('core-api:2'),
      strategy: { canary: { steps: [{ setWeight: 25 }, { pause: {} }, { setWeight: 50 }] } },
      ...overrides.spec,
    },
    status: {
      observedGeneration: '2',
      phase: 'Paused',
      message: 'CanaryPauseStep',
      stableRS: 'aaa',
      currentPodHash: 'bbb',
      currentStepIndex: 1,
      controllerPause: true,
      pauseConditions: [{ reason: 'CanaryPauseStep', startTime: CREATED }],
      replicas: 4,
      updatedReplicas: 1,
      readyReplicas: 4,
      availableReplicas: 4,
      ...overrides.status,
    },
  }
}

function template(image: string, hash?: string) {
  const labels = { app: 'core-api', ...(hash ? { [HASH_LABEL]: hash } : {}) }
  return { metadata: { labels }, spec: { containers: [{ name: 'main', image }] } }
}

export function replicaSetObject(revision: number, hash: string, replicas: number): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `team1-project-core-api-${hash}`,
      namespace: NAMESPACE,
      uid: hash,
      generation: 1,
      creationTimestamp: CREATED,
      labels: { app: 'core-api', [HASH_LABEL]: hash },
      annotations: { 'rollout.argoproj.io/revision': String(revision) },
      ownerReferences: [
        {
          apiVersion: 'argoproj.io/v1alpha1',
          kind: 'Rollout',
          name: 'team1-project-core-api',
          uid: 'rollout',
          controller: true,
        },
      ],
    },
    spec: { replicas, template: template(`core-api:${revision}`, hash) },
    status: { replicas, availableReplicas: replicas, observedGeneration: 1 },
  }
}

export function podObject(name: string, hash: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: NAMESPACE,
      uid: name,
      creationTimestamp: CREATED,
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: hash, uid: hash, controller: true },
      ],
    },
    spec: { containers: [{ name: 'main' }] },
    status: {
      phase: 'Running',
      containerStatuses: [{ name: 'main', ready: true, restartCount: 0, state: { running: {} } }],
    },
  }
}

/** A quarter on the canary, paused. */
export function pausedCanary(): RolloutObjects {
  return {
    rollout: rolloutObject(),
    replicaSets: [replicaSetObject(1, 'aaa', 3), replicaSetObject(2, 'bbb', 1)],
    pods: [
      ...['s-1', 's-2', 's-3'].map((name) => podObject(`core-api-aaa-${name}`, 'aaa')),
      podObject('core-api-bbb-c-1', 'bbb'),
    ],
    analysisRuns: [],
    experiments: [],
  }
}
