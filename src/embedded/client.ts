/**
 * The in-process client: what controllers and the kubelet hold. Same rules as the HTTP API (defaulting,
 * validation, generation, managedFields, finalizers, conflicts), without the wire.
 */
import type { KubeObject, Manifest, Resource } from './objects.ts'

export interface LabelSelector {
  matchLabels?: Record<string, string>
  matchExpressions?: {
    key: string
    operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'
    values?: string[]
  }[]
}

export interface ListOptions {
  namespace?: string
  /** A LabelSelector, or its string form as in `?labelSelector=`. */
  labelSelector?: LabelSelector | string
  /** As in `?fieldSelector=`. */
  fieldSelector?: string
}

export interface WriteOptions {
  /** Who owns the fields that this write changes (managedFields). */
  fieldManager?: string
  /** `binding` lets a patch of a pod set spec.nodeName, which is immutable otherwise. */
  subresource?: 'status' | 'scale' | 'finalize' | 'binding'
  dryRun?: boolean
}

export interface PatchOptions extends WriteOptions {
  type: 'merge' | 'strategic' | 'json' | 'apply'
  /** Server-side apply only: take fields from other managers. */
  force?: boolean
}

export interface DeleteOptions {
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan'
  gracePeriodSeconds?: number
  preconditions?: { uid?: string; resourceVersion?: string }
  dryRun?: boolean
}

export interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  object: KubeObject
  /** The state before, absent for ADDED. */
  previous?: KubeObject
}

/**
 * All calls are synchronous: the store is in this process. Objects that come back are frozen snapshots:
 * clone before editing. Failures throw ApiError (errors.ts) with the code and reason that the HTTP API gives.
 */
export interface Client {
  get(resource: Resource, namespace: string | undefined, name: string): KubeObject | undefined
  list(resource: Resource, options?: ListOptions): KubeObject[]
  create(resource: Resource, object: Manifest, options?: WriteOptions): KubeObject
  /** PUT: a stale metadata.resourceVersion throws a 409; an absent one updates unconditionally. */
  update(resource: Resource, object: KubeObject, options?: WriteOptions): KubeObject
  patch(
    resource: Resource,
    namespace: string | undefined,
    name: string,
    patch: unknown,
    options: PatchOptions,
  ): KubeObject
  /** Returns the object if it still exists (graceful deletion or finalizers), else undefined. */
  delete(
    resource: Resource,
    namespace: string | undefined,
    name: string,
    options?: DeleteOptions,
  ): KubeObject | undefined
  /** `spec.replicas` through /scale, as the HPA and KEDA read and write it. */
  getScale(resource: Resource, namespace: string, name: string): Scale
  setScale(
    resource: Resource,
    namespace: string,
    name: string,
    replicas: number,
    options?: WriteOptions,
  ): Scale
  /** Resource type of a kind, as the RESTMapper finds it; undefined when nothing serves it. `version` is a hint. */
  resourceFor(apiVersion: string, kind: string): Resource | undefined
  /** Calls `handler` for every existing object (as ADDED) and then for every change, after it is stored. */
  watch(resource: Resource, handler: (event: WatchEvent) => void): Disposable
}

export interface Scale {
  replicas: number
  statusReplicas: number
  /** Serialized label selector. */
  selector: string
  uid: string
}
