/** Objects as the API server returns them, for the tests of this folder. */
import type { KubeObject } from '../lib/kube/object.ts'

export const NAMESPACE = 'team1-ns'

export function object(
  kind: string,
  name: string,
  spec: object,
  status: object = {},
  metadata: object = {},
): KubeObject {
  return { apiVersion: 'v1', kind, metadata: { name, namespace: NAMESPACE, ...metadata }, spec, status }
}

/** A Deployment (or another kind) whose pods carry the label app=NAME. */
export function workload(
  name: string,
  desired: number,
  ready: number,
  status: object = {},
  kind = 'Deployment',
): KubeObject {
  const spec = { replicas: desired, selector: { matchLabels: { app: name } } }
  return object(kind, name, spec, { replicas: desired, readyReplicas: ready, ...status })
}

/** A pod of that workload; `state` is its only container's. */
export function pod(app: string, ready: boolean, state: object, more: object = {}): KubeObject {
  const conditions = [{ type: 'Ready', status: ready ? 'True' : 'False' }]
  const status = {
    phase: 'Running',
    conditions,
    containerStatuses: [{ name: 'main', restartCount: 0, state, ...more }],
  }
  return object('Pod', `${app}-1`, {}, status, { labels: { app } })
}

export function scaledObject(
  target: string,
  conditions: object[],
  status: object = {},
  annotations = {},
): KubeObject {
  const triggers = [{ type: 'rabbitmq', metadata: { queueName: 'question_generation_task' } }]
  const spec = { scaleTargetRef: { name: target }, cooldownPeriod: 20, triggers }
  return object('ScaledObject', `${target}-scaler`, spec, { conditions, ...status }, { annotations })
}

export function hpa(target: string, status: object): KubeObject {
  const metric = { name: 's0-rabbitmq-question_generation_task' }
  const metrics = [
    { type: 'External', external: { metric, target: { type: 'AverageValue', averageValue: '10' } } },
  ]
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: target }
  return object(
    'HorizontalPodAutoscaler',
    `keda-hpa-${target}`,
    { scaleTargetRef, minReplicas: 1, maxReplicas: 5, metrics },
    status,
  )
}
