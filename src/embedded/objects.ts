/** The shapes that the whole embedded cluster shares: Kubernetes objects and how they are addressed. */

export interface OwnerReference {
  apiVersion: string
  kind: string
  name: string
  uid: string
  controller?: boolean
  blockOwnerDeletion?: boolean
}

export interface ManagedFieldsEntry {
  manager: string
  operation: 'Apply' | 'Update'
  apiVersion: string
  time?: string
  fieldsType: 'FieldsV1'
  fieldsV1: Record<string, unknown>
  subresource?: string
}

export interface ObjectMeta {
  name: string
  generateName?: string
  namespace?: string
  uid: string
  resourceVersion: string
  generation?: number
  creationTimestamp: string
  deletionTimestamp?: string
  deletionGracePeriodSeconds?: number
  labels?: Record<string, string>
  annotations?: Record<string, string>
  ownerReferences?: OwnerReference[]
  finalizers?: string[]
  managedFields?: ManagedFieldsEntry[]
}

/** Any Kubernetes object. Dynamic by nature: its schema lives in schema/, not in the type system. */
export interface KubeObject {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec?: any
  status?: any
  [field: string]: any
}

/** An object as a caller writes it, before the server has filled metadata. */
export type Manifest = Omit<KubeObject, 'metadata'> & {
  metadata: Partial<ObjectMeta>
}

/**
 * A resource type as `group/version/plural`, the core group as `v1/plural`:
 * `apps/v1/deployments`, `v1/pods`, `keda.sh/v1alpha1/scaledobjects`.
 */
export type Resource = string

/** `{group, version, plural}` of a Resource. */
export function parseResource(resource: Resource): { group: string; version: string; plural: string } {
  const parts = resource.split('/')
  if (parts.length === 2) return { group: '', version: parts[0]!, plural: parts[1]! }
  return { group: parts[0]!, version: parts[1]!, plural: parts[2]! }
}

/** `namespace/name`, or `name` for cluster-scoped objects: the key that work queues use. */
export function keyOf(object: { metadata: { namespace?: string; name: string } }): string {
  const { namespace, name } = object.metadata
  return namespace ? `${namespace}/${name}` : name
}

/** Splits a key made by keyOf. */
export function parseKey(key: string): { namespace: string | undefined; name: string } {
  const slash = key.indexOf('/')
  return slash < 0
    ? { namespace: undefined, name: key }
    : { namespace: key.slice(0, slash), name: key.slice(slash + 1) }
}

/** The owner reference with `controller: true`, if there is one. */
export function controllerOf(object: Pick<KubeObject, 'metadata'>): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((ref) => ref.controller)
}
