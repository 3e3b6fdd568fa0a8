/** What the registry's operations share. */
import type { Clock } from '../../../lib/clock.ts'
import type { Logger } from '../../../lib/log.ts'
import type { ValidatingWebhook } from '../../admission.ts'
import type { WriteOptions } from '../../client.ts'
import { ApiError, qualified } from '../../errors.ts'
import { type KubeObject, parseResource, type Resource } from '../../objects.ts'
import type { Catalog, ResourceInfo } from '../../schema/types.ts'
import type { ObjectStore } from '../../store/store.ts'
import { convertEvent } from './event-versions.ts'

const EVENTS_GROUP = 'events.k8s.io'

/** Gives out Service addresses. */
export interface AddressAllocator {
  /** A free address. */
  allocate(): string
  /** Marks an address as taken. */
  reserve(ip: string): void
  /** Takes an address back. */
  release?(ip: string): void
}

export interface RegistryContext {
  catalog: Catalog
  store: ObjectStore
  clock: Clock
  log: Logger
  allocator: AddressAllocator
  webhooks: readonly ValidatingWebhook[]
}

/** How one write is to be made: the client's options and what only the wire has. */
export interface WriteRequest extends Omit<WriteOptions, 'subresource'> {
  subresource?: string
  fieldValidation?: 'Ignore' | 'Warn' | 'Strict'
  /** Hears of warnings, to be sent as Warning headers. */
  warn?: (text: string) => void
}

export type PatchType = 'merge' | 'strategic' | 'json' | 'apply'

export interface PatchRequest extends WriteRequest {
  type: PatchType
  force?: boolean
}

/** The manager of writes that name none. */
export const DEFAULT_MANAGER = 'unknown'

/** The type's storage: one for all of its versions, and one for both groups that have events. */
export function bucketOf(info: ResourceInfo): string {
  if (info.group === EVENTS_GROUP && info.plural === 'events') return 'events'
  return qualified(info.group, info.plural)
}

/** `apps/v1`, `v1`. */
export function groupVersion(info: { group: string; version: string }): string {
  return info.group ? `${info.group}/${info.version}` : info.version
}

/** The info of a resource type; 404 as for an unknown path when nothing serves it. */
export function lookup(context: RegistryContext, resource: Resource): ResourceInfo {
  const { group, version, plural } = parseResource(resource)
  const info = context.catalog.find(group, version, plural)
  if (info) return info
  throw new ApiError(404, 'NotFound', 'the server could not find the requested resource')
}

/** The object as the info's version shows it: but for events, versions differ in apiVersion alone. */
export function inVersion(info: ResourceInfo, object: KubeObject): KubeObject {
  const apiVersion = groupVersion(info)
  if (object.apiVersion === apiVersion) return object
  return Object.freeze({ ...convertEvent(object, apiVersion), apiVersion })
}

/** The object as it is stored, from the info's version. */
export function toStorage(info: ResourceInfo, object: KubeObject): KubeObject {
  return info.group === EVENTS_GROUP ? convertEvent(object, 'v1') : object
}

export function hasSubresource(info: ResourceInfo, name: string): boolean {
  return info.subresources.some((subresource) => subresource.name === name)
}
