/** The target Secret as it should be, from what is there and what was gathered: no I/O. */
import { controllerOf, type KubeObject, type ManagedFieldsEntry, type Manifest } from '../../../objects.ts'
import { CREATED_BY_LABEL, DATA_HASH_ANNOTATION, MANAGED_LABEL } from '../resources.ts'
import type { ExternalSecret, SecretData } from '../types.ts'
import type { Rendered } from './apply-template.ts'
import { dataHash, sha3 } from './hashes.ts'
import { decodedData, encodedData } from './secret-data.ts'

const MAX_MANAGER = 63

/** Who owns the fields that this ExternalSecret writes: long names are hashed. */
export function fieldManagerOf({ metadata }: Pick<ExternalSecret, 'metadata'>): string {
  const plain = `externalsecrets.external-secrets.io/${metadata.name}`
  return plain.length <= MAX_MANAGER
    ? plain
    : `externalsecrets.external-secrets.io/sha3/${sha3(metadata.name)}`
}

/** The created-by label of Secrets that an ExternalSecret owns. */
export function createdBy({ metadata }: Pick<ExternalSecret, 'metadata'>): string {
  return sha3(`${metadata.namespace}/${metadata.name}`)
}

/** An ownership or immutability problem that no retry mends. */
export class TargetRefused extends Error {
  override readonly name = 'TargetRefused'
}

export function targetName({ metadata, spec }: ExternalSecret): string {
  return spec.target?.name || metadata.name
}

/** Throws TargetRefused when the target belongs to something else. */
export function buildSecret(
  externalSecret: ExternalSecret,
  existing: KubeObject | undefined,
  provider: SecretData,
  rendered: Rendered | undefined,
): Manifest {
  const { spec, metadata } = externalSecret
  const policy = spec.target?.creationPolicy ?? 'Owner'
  const owned = ownedFields(existing, fieldManagerOf(externalSecret))
  const merges = policy === 'Merge' || policy === 'CreateOrMerge'
  const kept = merges ? without(decodedData(existing), owned.data) : {}
  const data = { ...kept, ...(rendered?.data ?? provider) }
  const type = spec.target?.template?.type ?? existing?.type
  const labels = rendered?.labels ?? metadata.labels ?? {}
  const annotations = rendered?.annotations ?? metadata.annotations ?? {}
  const { managedFields: _managed, ...existingMeta } = existing?.metadata ?? {}
  const finalizers = [
    ...new Set([
      ...(existing?.metadata.finalizers ?? []),
      ...(spec.target?.template?.metadata?.finalizers ?? []),
    ]),
  ]
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      ...existingMeta,
      name: targetName(externalSecret),
      namespace: metadata.namespace!,
      labels: {
        ...without(existing?.metadata.labels ?? {}, owned.labels),
        ...labels,
        [MANAGED_LABEL]: 'true',
        ...(policy === 'Owner' ? { [CREATED_BY_LABEL]: createdBy(externalSecret) } : {}),
      },
      annotations: {
        ...without(existing?.metadata.annotations ?? {}, owned.annotations),
        ...annotations,
        [DATA_HASH_ANNOTATION]: dataHash(data),
      },
      ...(policy === 'Owner' ? { ownerReferences: owners(externalSecret, existing) } : {}),
      ...(finalizers.length ? { finalizers } : {}),
    },
    ...(type ? { type } : {}),
    ...(spec.target?.immutable ? { immutable: true } : existing?.immutable ? { immutable: true } : {}),
    data: encodedData(data),
  }
}

function owners(externalSecret: ExternalSecret, existing: KubeObject | undefined) {
  const { apiVersion, kind, metadata } = externalSecret
  const current = existing && controllerOf(existing)
  if (current && current.uid !== metadata.uid) {
    throw new TargetRefused(
      current.kind === kind
        ? 'target is owned by another ExternalSecret'
        : 'failed to take ownership of target secret',
    )
  }
  const others = existing?.metadata.ownerReferences?.filter(({ uid }) => uid !== metadata.uid) ?? []
  const own = {
    apiVersion,
    kind,
    name: metadata.name,
    uid: metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  }
  return [...others, own]
}

interface Owned {
  data: string[]
  labels: string[]
  annotations: string[]
}

/** Keys that an earlier sync of this ExternalSecret wrote: they go when the spec no longer gives them. */
function ownedFields(existing: KubeObject | undefined, manager: string): Owned {
  const entries = existing?.metadata.managedFields?.filter((entry) => entry.manager === manager) ?? []
  return {
    data: entries.flatMap((entry) => fieldKeys(entry, 'f:data')),
    labels: entries.flatMap((entry) => fieldKeys(entry, 'f:metadata', 'f:labels')),
    annotations: entries.flatMap((entry) => fieldKeys(entry, 'f:metadata', 'f:annotations')),
  }
}

function fieldKeys({ fieldsV1 }: ManagedFieldsEntry, ...path: string[]): string[] {
  const at = path.reduce<any>((node, step) => node?.[step], fieldsV1)
  return Object.keys(at ?? {}).flatMap((key) => (key.startsWith('f:') ? [key.slice(2)] : []))
}

function without<Value>(map: Record<string, Value>, keys: string[]): Record<string, Value> {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)))
}
