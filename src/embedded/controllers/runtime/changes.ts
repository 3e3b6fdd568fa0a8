/** Changes: what a pure reconcile answers, and the one place that carries them out. */
import { messageOf } from '../../../lib/errors.ts'
import type { Client, DeleteOptions, PatchOptions } from '../../client.ts'
import { isNamespaceTerminating, isStatus } from '../../errors.ts'
import type { KubeObject, Manifest, Resource } from '../../objects.ts'
import type { Context } from './controller.ts'
import { type EventSpec, recordEvent } from './events.ts'

export type Change =
  | { verb: 'create'; resource: Resource; object: Manifest }
  | { verb: 'update'; resource: Resource; object: KubeObject }
  | { verb: 'updateStatus'; resource: Resource; object: KubeObject }
  | {
      verb: 'patch'
      resource: Resource
      namespace: string | undefined
      name: string
      patch: unknown
      type?: PatchOptions['type']
      subresource?: 'status' | 'binding'
    }
  | { verb: 'scale'; resource: Resource; namespace: string; name: string; replicas: number }
  | {
      verb: 'delete'
      resource: Resource
      namespace: string | undefined
      name: string
      options?: DeleteOptions
    }
  | ({ verb: 'event' } & EventSpec)

/**
 * Carries out changes in order, as `fieldManager`. A delete of what is gone already is done, not failed, and
 * so is a create in a namespace that is going: everything there will go. Any other failure stops and throws,
 * so that the key is requeued. Answers the objects written.
 */
export function applyChanges(
  changes: Change[],
  context: Pick<Context, 'client' | 'clock'>,
  fieldManager: string,
): KubeObject[] {
  const { client, clock } = context
  const written: KubeObject[] = []
  for (const change of changes) {
    const object = applyOne(change, client, clock.now(), fieldManager)
    if (object) written.push(object)
  }
  return written
}

function applyOne(change: Change, client: Client, now: number, fieldManager: string): KubeObject | undefined {
  switch (change.verb) {
    case 'create':
      try {
        return client.create(change.resource, change.object, { fieldManager })
      } catch (thrown) {
        if (isNamespaceTerminating(thrown)) return undefined
        throw thrown
      }
    case 'update':
      return client.update(change.resource, change.object, { fieldManager })
    case 'updateStatus':
      return client.update(change.resource, change.object, { fieldManager, subresource: 'status' })
    case 'patch':
      return client.patch(change.resource, change.namespace, change.name, change.patch, {
        type: change.type ?? 'merge',
        fieldManager,
        ...(change.subresource ? { subresource: change.subresource } : {}),
      })
    case 'scale':
      client.setScale(change.resource, change.namespace, change.name, change.replicas, { fieldManager })
      return undefined
    case 'delete':
      try {
        return client.delete(change.resource, change.namespace, change.name, change.options)
      } catch (thrown) {
        if (isStatus(thrown, 404)) return undefined
        throw thrown
      }
    case 'event':
      return recordEvent(client, now, change)
    default:
      throw new Error(`unknown change ${messageOf(change)}`)
  }
}
