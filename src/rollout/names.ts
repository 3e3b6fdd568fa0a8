/** Labels and annotations of Argo Rollouts that its clients read. */
import type { KubeObject } from '../lib/kube/object.ts'

export const HASH_LABEL = 'rollouts-pod-template-hash'
const REVISION = 'rollout.argoproj.io/revision'

/** The revision of an object that belongs to a Rollout, 0 when it has none. */
export function revisionOf({ metadata }: KubeObject): number {
  return Number.parseInt(metadata.annotations?.[REVISION] ?? '0', 10) || 0
}

/** The pod-template hash of a ReplicaSet. */
export function hashOf({ metadata }: KubeObject): string | undefined {
  return metadata.labels?.[HASH_LABEL]
}
