/** managedFields of a write: who did it, and what the type's schema says about its fields. */
import { rfc3339 } from '../../../lib/clock.ts'
import type { KubeObject, ManagedFieldsEntry } from '../../objects.ts'
import type { ResourceInfo } from '../../schema/types.ts'
import type { Identity } from '../apply/managers.ts'
import { type TrackOptions, trackCreate, trackUpdate } from '../apply/track.ts'
import {
  DEFAULT_MANAGER,
  groupVersion,
  hasSubresource,
  type RegistryContext,
  type WriteRequest,
} from './context.ts'

/** managedFields of a new object. */
export function managedByCreator(
  context: RegistryContext,
  info: ResourceInfo,
  object: KubeObject,
  request: WriteRequest,
): ManagedFieldsEntry[] {
  return trackCreate(object, info.custom ? {} : emptyBuiltin(object), trackOptions(context, info, request))
}

/** managedFields of an object after an update. */
export function managedAfterUpdate(
  context: RegistryContext,
  info: ResourceInfo,
  old: KubeObject,
  object: KubeObject,
  given: readonly ManagedFieldsEntry[] | undefined,
  request: WriteRequest,
): ManagedFieldsEntry[] {
  return trackUpdate(old, object, given, trackOptions(context, info, request))
}

export function identityOf(
  info: { group: string; version: string },
  request: WriteRequest,
  operation: Identity['operation'],
): Identity {
  return {
    manager: request.fieldManager || DEFAULT_MANAGER,
    operation,
    apiVersion: groupVersion(info),
    ...(request.subresource ? { subresource: request.subresource } : {}),
  }
}

function trackOptions(context: RegistryContext, info: ResourceInfo, request: WriteRequest): TrackOptions {
  return {
    schema: context.catalog.mergeSchema(info),
    identity: identityOf(info, request, 'Update'),
    hasStatus: hasSubresource(info, 'status'),
    now: rfc3339(context.clock.now()),
  }
}

/** Structs that Go writes even when they are empty: nobody owns their mere presence. */
function emptyBuiltin(object: KubeObject): object {
  const spec = object.spec
  const podSpec = { containers: [] }
  const template = { metadata: {}, spec: podSpec }
  const jobTemplate = { metadata: {}, spec: { template } }
  return {
    metadata: {},
    status: {},
    spec: {
      ...(spec?.containers ? podSpec : {}),
      ...(spec?.template ? { template } : {}),
      ...(spec?.jobTemplate ? { jobTemplate } : {}),
      ...(spec?.strategy ? { strategy: {} } : {}),
      ...(spec?.updateStrategy ? { updateStrategy: {} } : {}),
    },
  }
}
