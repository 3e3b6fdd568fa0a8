/** Pod templates: their hash, and when two of them are the same. */

import type { KubeObject } from '../../objects.ts'
import { defaultReplicaSet } from '../../schema/defaults/workloads.ts'
import { templateHash } from '../shared/hash.ts'
import { canonicalJson } from '../shared/json.ts'
import { HASH_LABEL } from './names.ts'
import { withoutStableAntiAffinity } from './pods/anti-affinity.ts'
import { injectedMetadata, withMetadata } from './pods/ephemeral-metadata.ts'
import { byCreation, hashOf } from './replica-sets.ts'

/**
 * Hash of the Rollout's template as a ReplicaSet would hold it: with the API's defaults, which a custom
 * resource lacks. Not the hash of a Deployment with that template: a workloadRef may name one that is called
 * like the Rollout, and both name their ReplicaSets by hash. A template copied back from a ReplicaSet (an undo) has the hash that it had at first.
 */
export function rolloutHash(rollout: KubeObject): string {
  return templateHash({ rollout: normalTemplate(rollout.spec.template) }, rollout.status?.collisionCount)
}

/** Equal but for the hash label, what the API defaults, and the deprecated name of the service account. */
export function sameTemplate(a: unknown, b: unknown): boolean {
  return canonicalJson(normalTemplate(a)) === canonicalJson(normalTemplate(b))
}

/** The template with what the API defaults, without what does not count. */
export function normalTemplate(template: any): unknown {
  const copy = structuredClone(template)
  defaultReplicaSet({ metadata: {}, spec: { template: copy } })
  delete copy.spec?.serviceAccount
  const { creationTimestamp: _never, ...metadata } = copy.metadata ?? {}
  const { [HASH_LABEL]: _hash, ...labels } = metadata.labels ?? {}
  return { ...copy, metadata: { ...metadata, labels } }
}

/**
 * The ReplicaSet of the Rollout's current template: by hash, else by comparing templates without what the
 * controller injected. The oldest, if there are several.
 */
export function findNewReplicaSet(rollout: KubeObject, replicaSets: KubeObject[]): KubeObject | undefined {
  const oldestFirst = replicaSets.toSorted(byCreation)
  const hash = rolloutHash(rollout)
  return (
    oldestFirst.find((replicaSet) => hashOf(replicaSet) === hash) ??
    oldestFirst.find((replicaSet) =>
      sameTemplate(withoutInjected(rollout, replicaSet), rollout.spec.template),
    )
  )
}

function withoutInjected(rollout: KubeObject, replicaSet: KubeObject): unknown {
  const { template } = replicaSet.spec
  const metadata = withMetadata(template.metadata ?? {}, injectedMetadata(replicaSet), undefined)
  return { ...template, metadata, spec: withoutStableAntiAffinity(rollout, template.spec) }
}
