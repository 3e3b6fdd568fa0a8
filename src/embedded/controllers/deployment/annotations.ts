/** The annotations that a Deployment and its ReplicaSets carry: revision, history, sizes. */
import type { KubeObject } from '../../objects.ts'

export const REVISION = 'deployment.kubernetes.io/revision'
const REVISION_HISTORY = 'deployment.kubernetes.io/revision-history'
export const DESIRED_REPLICAS = 'deployment.kubernetes.io/desired-replicas'
export const MAX_REPLICAS = 'deployment.kubernetes.io/max-replicas'

const NOT_COPIED = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  REVISION,
  REVISION_HISTORY,
  DESIRED_REPLICAS,
  MAX_REPLICAS,
  'deprecated.deployment.rollback.to',
])

/** Characters of revision-history kept; the oldest numbers go first. */
const HISTORY_LIMIT = 2000

/** The revision number of a ReplicaSet, 0 when it has none. */
export function revisionOf(object: KubeObject): number {
  return Number.parseInt(object.metadata.annotations?.[REVISION] ?? '0', 10) || 0
}

export function maxRevision(replicaSets: KubeObject[]): number {
  return Math.max(0, ...replicaSets.map(revisionOf))
}

/** The sizes that a ReplicaSet was last scaled for: what tells a later sync that the Deployment was scaled. */
export function sizeAnnotations(desired: number, max: number): Record<string, string> {
  return { [DESIRED_REPLICAS]: String(desired), [MAX_REPLICAS]: String(max) }
}

/**
 * Annotations of the ReplicaSet of the current template: the Deployment's own, and the revision. A reused
 * ReplicaSet gets the new number and keeps the old one in its history.
 */
export function newReplicaSetAnnotations(
  deployment: KubeObject,
  current: Record<string, string>,
  revision: number,
): Record<string, string> {
  const annotations = { ...current }
  for (const [key, value] of Object.entries(deployment.metadata.annotations ?? {})) {
    if (!NOT_COPIED.has(key)) annotations[key] = value
  }
  const old = current[REVISION]
  if ((Number.parseInt(old ?? '0', 10) || 0) >= revision) return annotations
  annotations[REVISION] = String(revision)
  if (old !== undefined) annotations[REVISION_HISTORY] = withRevision(current[REVISION_HISTORY], old)
  return annotations
}

function withRevision(history: string | undefined, revision: string): string {
  const revisions = history ? [...history.split(','), revision] : [revision]
  while (revisions.length > 1 && revisions.join(',').length > HISTORY_LIMIT) revisions.shift()
  return revisions.join(',')
}
