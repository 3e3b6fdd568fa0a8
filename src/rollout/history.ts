/** The revisions that a Rollout can go back to, and going back. */
import { isDeepStrictEqual } from 'node:util'
import { DevenvError } from '../lib/errors.ts'
import type { KubeClient } from '../lib/kube/client.ts'
import type { KubeObject, Resource } from '../lib/kube/object.ts'
import { ROLLOUTS, type RolloutObjects } from './find.ts'
import { HASH_LABEL, revisionOf } from './names.ts'
import { rolloutView, type Tag } from './view.ts'

export interface RolloutHistory {
  apiVersion: 'devenv/v1'
  kind: 'RolloutHistory'
  name: string
  namespace: string
  /** Newest first. */
  revisions: { revision: number; replicaSet: string; images: string[]; tags: Tag[]; createdAt: string }[]
}

export function rolloutHistory(objects: RolloutObjects): RolloutHistory {
  const { name, namespace, revisions } = rolloutView(objects)
  const rows = revisions.flatMap(({ revision, replicaSets }) =>
    replicaSets.map(({ name: replicaSet, images, tags, createdAt }) => ({
      revision,
      replicaSet,
      images,
      tags,
      createdAt,
    })),
  )
  return { apiVersion: 'devenv/v1', kind: 'RolloutHistory', name, namespace, revisions: rows }
}

/** The ReplicaSet of a revision; without one, of the last but one. USAGE when there is none. */
export function replicaSetOfRevision(
  { rollout, replicaSets }: RolloutObjects,
  toRevision: number | undefined,
): KubeObject {
  const newestFirst = replicaSets.toSorted((a, b) => revisionOf(b) - revisionOf(a))
  const found =
    toRevision === undefined ? newestFirst[1] : newestFirst.find((one) => revisionOf(one) === toRevision)
  if (found) return found
  const known = newestFirst.map(revisionOf).join(', ')
  const wanted = toRevision === undefined ? 'an earlier revision' : `revision ${toRevision}`
  throw new DevenvError('USAGE', `Rollout ${rollout.metadata.name} has no ${wanted}`, {
    fix: known ? `Its revisions are ${known}.` : 'It has no revisions yet.',
  })
}

const WORKLOADS: Record<string, Resource> = {
  Deployment: 'apps/v1/deployments',
  ReplicaSet: 'apps/v1/replicasets',
  PodTemplate: 'v1/podtemplates',
}

/**
 * Writes the ReplicaSet's template back into the Rollout, or into the workload that it refers to. Answers
 * false when the Rollout has that template already.
 */
export async function undoTo(
  client: KubeClient,
  rollout: KubeObject,
  replicaSet: KubeObject,
): Promise<boolean> {
  const template = withoutHash(replicaSet.spec.template)
  if (rollout.spec.template && contains(template, withoutHash(rollout.spec.template))) return false
  const { workloadRef } = rollout.spec
  const resource = workloadRef ? WORKLOADS[workloadRef.kind] : ROLLOUTS
  if (!resource) {
    throw new DevenvError('USAGE', `a workload of kind ${workloadRef.kind} cannot be taken back`)
  }
  const { namespace } = rollout.metadata
  const path = workloadRef?.kind === 'PodTemplate' ? '/template' : '/spec/template'
  const patch = [{ op: 'replace', path, value: template }]
  await client.patch(resource, workloadRef?.name ?? rollout.metadata.name, patch, {
    ...(namespace === undefined ? {} : { namespace }),
    type: 'json',
  })
  return true
}

function withoutHash(template: any): any {
  const { [HASH_LABEL]: _hash, ...labels } = template.metadata?.labels ?? {}
  return { ...template, metadata: { ...template.metadata, labels } }
}

/** Every field that `part` sets has the same value in `whole`, which may have more: what the API defaulted. */
function contains(whole: any, part: any): boolean {
  if (part === null || typeof part !== 'object') return isDeepStrictEqual(whole, part)
  if (whole === null || typeof whole !== 'object') return false
  if (Array.isArray(part) && part.length !== whole.length) return false
  return Object.keys(part).every((key) => contains(whole[key], part[key]))
}
