/** One look at a namespace, as plain objects: all that the explaining functions know. */
import type { KubeObject } from '../lib/kube/object.ts'
import type { QueueDepth } from '../lib/rabbitmq.ts'

/** A Secret without its values: they are never kept. */
export interface SecretView {
  namespace: string
  name: string
  keys: string[]
  /** RFC 3339. */
  createdAt?: string
  /** RFC 3339 of the last write to its data, by the field managers' own record. */
  changedAt?: string
  /** Controller's uid, when an object owns it. */
  ownerUid?: string
}

export interface Snapshot {
  /** Milliseconds since the epoch. */
  now: number
  /** Rollouts, Deployments, StatefulSets. */
  workloads: KubeObject[]
  replicaSets: KubeObject[]
  pods: KubeObject[]
  scaledObjects: KubeObject[]
  hpas: KubeObject[]
  triggerAuthentications: KubeObject[]
  externalSecrets: KubeObject[]
  /** SecretStores of the namespace and ClusterSecretStores. */
  secretStores: KubeObject[]
  secrets: SecretView[]
  applications: KubeObject[]
  /** How long Argo CD waits before it looks at git again, at most; 0: never by itself. Undefined: its default. */
  refreshSeconds?: number
  /** Objects that an Application calls OutOfSync, as far as they could be asked for; without `live` there is none. */
  outOfSync: { kind: string; name: string; live?: KubeObject }[]
  analysisRuns: KubeObject[]
  disruptionBudgets: KubeObject[]
  services: KubeObject[]
  ingresses: KubeObject[]
  /** Empty where we may not list them. */
  nodes: KubeObject[]
  events: KubeObject[]
  /** What containers that ended badly logged last, by `POD/CONTAINER`. */
  lastWords: Record<string, string>
  /** The broker's queues, or why it could not be asked. */
  queues: QueueDepth[] | string
  /** How often the HPA controller looks, in seconds; undefined where the cluster does not tell. */
  hpaSyncSeconds?: number
  /** Resource types that the server refused to list. */
  unreadable: string[]
}

/** True when the autoscaler (an HPA or a ScaledObject) scales the workload. */
export function scales(scaler: KubeObject, workload: KubeObject): boolean {
  const ref = scaler.spec?.scaleTargetRef
  return (
    scaler.metadata.namespace === workload.metadata.namespace &&
    ref?.name === workload.metadata.name &&
    // A ScaledObject may leave the kind out and means a Deployment then.
    (ref.kind ?? 'Deployment') === workload.kind
  )
}

export function isOwnedBy(object: KubeObject, owner: KubeObject): boolean {
  return (object.metadata.ownerReferences ?? []).some(({ uid }) => uid === owner.metadata.uid)
}

/** Events about an object, oldest first. */
export function eventsOf({ events }: Snapshot, object: KubeObject): KubeObject[] {
  const { name, namespace } = object.metadata
  return events
    .filter(({ involvedObject: about }) => {
      const same = about?.kind === object.kind && about.name === name
      // Cluster-scoped objects are named without a namespace.
      return same && (about.namespace ?? namespace) === namespace
    })
    .sort((a, b) => eventTime(a) - eventTime(b))
}

/** The newest event with one of these reasons. */
export function lastEvent(snapshot: Snapshot, object: KubeObject, reasons: string[]): KubeObject | undefined {
  return eventsOf(snapshot, object).findLast(({ reason }) => reasons.includes(reason))
}

/** Milliseconds since the epoch at which the event was last seen, by whichever of its clocks is set. */
export function eventTime(event: KubeObject): number {
  const seen =
    event.series?.lastObservedTime ??
    event.lastTimestamp ??
    event.eventTime ??
    event.metadata.creationTimestamp
  return Date.parse(seen ?? '') || 0
}
