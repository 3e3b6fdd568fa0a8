/** Questions about the ReplicaSets of one Deployment. */
import type { KubeObject } from '../../objects.ts'
import { canonicalJson } from '../shared/json.ts'

export const HASH_LABEL = 'pod-template-hash'

/** spec.replicas, which the API server defaults to 1. */
export function specReplicas(replicaSet: KubeObject): number {
  return replicaSet.spec.replicas ?? 1
}

export function availableReplicas(replicaSet: KubeObject): number {
  return replicaSet.status?.availableReplicas ?? 0
}

export function totalSpec(replicaSets: KubeObject[]): number {
  return replicaSets.reduce((sum, replicaSet) => sum + specReplicas(replicaSet), 0)
}

/** Sum of a counter of the ReplicaSets' statuses. */
export function totalStatus(replicaSets: KubeObject[], counter: string): number {
  return replicaSets.reduce((sum, replicaSet) => sum + (replicaSet.status?.[counter] ?? 0), 0)
}

/** Those that should have pods. */
export function active(replicaSets: KubeObject[]): KubeObject[] {
  return replicaSets.filter((replicaSet) => specReplicas(replicaSet) > 0)
}

/** Older first; by name where created in the same second. */
export function byCreation(a: KubeObject, b: KubeObject): number {
  return (
    a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp) ||
    (a.metadata.name < b.metadata.name ? -1 : 1)
  )
}

/** Equal but for the label that the controller itself adds. */
function sameTemplate(a: any, b: any): boolean {
  return canonicalJson(withoutHash(a)) === canonicalJson(withoutHash(b))
}

function withoutHash(template: any): unknown {
  const { [HASH_LABEL]: _hash, ...labels } = template.metadata?.labels ?? {}
  return { ...template, metadata: { ...template.metadata, labels } }
}

/** The ReplicaSet of the Deployment's current template; the oldest if there are several. */
export function findNew(deployment: KubeObject, replicaSets: KubeObject[]): KubeObject | undefined {
  return replicaSets
    .toSorted(byCreation)
    .find((replicaSet) => sameTemplate(replicaSet.spec.template, deployment.spec.template))
}
