/** Pod templates: their hash, and when two of them are the same. */

import type { KubeObject } from '../../objects.ts'
import { defaultReplicaSet } from '../../schema/defaults/workloads.ts'
import { podTemplateForm, podTemplateJson } from '../../schema/go/pod-template.ts'
import { fnvHash } from '../shared/hash.ts'
import { canonicalJson } from '../shared/json.ts'
import { HASH_LABEL } from './names.ts'
import { withoutStableAntiAffinity } from './pods/anti-affinity.ts'
import { injectedMetadata, withMetadata } from './pods/ephemeral-metadata.ts'
import { byCreation, hashOf } from './replica-sets.ts'

/** By template, then by collision count: a Rollout is looked at far more often than it changes. */
const hashes = new WeakMap<object, Map<number, string>>()

/**
 * The controller's own hash of the Rollout's template as it is written, without the API's defaults. A template
 * copied back from a ReplicaSet (an undo) has another one than it had at first.
 */
export function rolloutHash(rollout: KubeObject): string {
  return podTemplateHash(rollout.spec.template, rollout.status?.collisionCount)
}

/** FNV-32a over Go's JSON of the template, then the count as eight bytes where there is one. */
export function podTemplateHash(template: object, collisionCount?: number): string {
  const known = hashes.get(template) ?? new Map<number, string>()
  hashes.set(template, known)
  const count = collisionCount ?? -1
  const hash = known.get(count) ?? fnvHash(podTemplateJson(template), collisionBytes(collisionCount))
  known.set(count, hash)
  return hash
}

function collisionBytes(count: number | undefined): Uint8Array {
  if (count === undefined) return new Uint8Array()
  const bytes = Buffer.alloc(8)
  bytes.writeUInt32LE(count >>> 0)
  return bytes
}

/** Equal but for the hash label, what the API defaults, and the deprecated name of the service account. */
export function sameTemplate(a: unknown, b: unknown): boolean {
  return canonicalJson(normalTemplate(a)) === canonicalJson(normalTemplate(b))
}

/** The template with what the API defaults, without what does not count. */
function normalTemplate(template: any): unknown {
  const copy = podTemplateForm(structuredClone(template))
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
