/** What explanations may know of a Secret: never its values. */
import type { KubeObject } from '../lib/kube/object.ts'
import type { SecretView } from './snapshot.ts'

export function secretView({ metadata, data }: KubeObject): SecretView {
  const changedAt = lastWrite(metadata.managedFields)
  const owner = metadata.ownerReferences?.find(({ controller }) => controller)
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    keys: Object.keys(data ?? {}).sort(),
    ...(metadata.creationTimestamp === undefined ? {} : { createdAt: metadata.creationTimestamp }),
    ...(changedAt === undefined ? {} : { changedAt }),
    ...(owner ? { ownerUid: owner.uid } : {}),
  }
}

/** The newest time at which a manager of `data` wrote: it moves when the manager changes anything, which is rare. */
function lastWrite(managedFields: unknown): string | undefined {
  const entries = (managedFields ?? []) as { time?: string; fieldsV1?: Record<string, unknown> }[]
  return entries
    .flatMap(({ time, fieldsV1 }) => (time !== undefined && fieldsV1?.['f:data'] !== undefined ? [time] : []))
    .sort()
    .at(-1)
}
