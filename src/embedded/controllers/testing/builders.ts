/** Objects for tests: the least that a controller looks at, with overrides. */
import type { KubeObject, Manifest } from '../../objects.ts'

type Overrides = {
  metadata?: Record<string, unknown>
  spec?: Record<string, unknown>
  status?: Record<string, unknown>
}

export const NAMESPACE = 'default'

/** A manifest with default metadata in the test namespace. */
export function manifest(
  apiVersion: string,
  kind: string,
  name: string,
  overrides: Overrides = {},
): Manifest {
  return {
    apiVersion,
    kind,
    ...(overrides.spec ? { spec: overrides.spec } : {}),
    ...(overrides.status ? { status: overrides.status } : {}),
    metadata: { name, namespace: NAMESPACE, ...overrides.metadata },
  }
}

/** A stored object: manifest plus what the server fills in. */
export function stored(
  apiVersion: string,
  kind: string,
  name: string,
  overrides: Overrides = {},
): KubeObject {
  const object = manifest(apiVersion, kind, name, overrides)
  return {
    ...object,
    metadata: {
      name,
      uid: `${kind.toLowerCase()}-${name}`,
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...object.metadata,
    },
  } as KubeObject
}

export function podTemplate(app: string, image = 'app:1'): Record<string, unknown> {
  return { metadata: { labels: { app } }, spec: { containers: [{ name: 'app', image }] } }
}

/** A Deployment with one container, defaulted as the API server would. */
export function deployment(name: string, spec: Record<string, unknown> = {}): Manifest {
  return manifest('apps/v1', 'Deployment', name, {
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: podTemplate(name),
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      ...spec,
    },
  })
}

export interface PodState {
  ready?: boolean
  phase?: string
  ip?: string
  /** Ready.lastTransitionTime. */
  since?: string
  startTime?: string
}

/** The status that a kubelet writes for a pod. */
export function podStatus(state: PodState = {}): Record<string, unknown> {
  const ready = state.ready ?? true
  return {
    phase: state.phase ?? 'Running',
    ...(state.ip ? { podIP: state.ip, podIPs: [{ ip: state.ip }] } : {}),
    startTime: state.startTime ?? '2026-01-01T00:00:00Z',
    conditions: [
      {
        type: 'Ready',
        status: ready ? 'True' : 'False',
        lastTransitionTime: state.since ?? '2026-01-01T00:00:00Z',
      },
    ],
  }
}
