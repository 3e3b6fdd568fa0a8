/** Watches with a selection: what enters it is ADDED, what leaves it is DELETED. */
import type { WatchEvent } from '../../client.ts'
import type { ResourceInfo } from '../../schema/types.ts'
import type { StoreEvent } from '../../store/history.ts'
import { bucketOf, inVersion, type RegistryContext } from './context.ts'
import { type Selection, selectionPredicate } from './read.ts'

export interface RevisionedEvent extends WatchEvent {
  revision: number
}

/** Events of the selection after `revision` (default: now), past ones first; undefined when that is too old. */
export function watchObjects(
  { store }: RegistryContext,
  info: ResourceInfo,
  selection: Selection,
  handler: (event: RevisionedEvent) => void,
  revision = store.revision,
): Disposable | undefined {
  const translate = translator(info, selection)
  const bucket = bucketOf(info)
  const past = store.since(bucket, revision)
  if (!past) return undefined
  const deliver = (event: StoreEvent) => {
    const seen = translate(event)
    if (seen) handler(seen)
  }
  past.forEach(deliver)
  return store.subscribe(bucket, deliver)
}

function translator(
  info: ResourceInfo,
  selection: Selection,
): (event: StoreEvent) => RevisionedEvent | undefined {
  const selects = selectionPredicate(info, selection) ?? (() => true)
  const namespace = info.namespaced ? selection.namespace || undefined : undefined
  return (event) => {
    const { type, object, previous, revision } = event
    if (namespace !== undefined && object.metadata.namespace !== namespace) return undefined
    const is = type !== 'DELETED' && selects(object)
    const was = previous !== undefined && selects(previous)
    if (!is && !was) return undefined
    const shown = {
      object: inVersion(info, leaving(event, is)),
      ...(previous ? { previous: inVersion(info, previous) } : {}),
      revision,
    }
    return { type: is ? (was ? 'MODIFIED' : 'ADDED') : 'DELETED', ...shown }
  }
}

/** An object that leaves the selection is shown as it was in it, under the revision at which it left. */
function leaving({ type, object, previous, revision }: StoreEvent, is: boolean): StoreEvent['object'] {
  if (is || type === 'DELETED' || !previous) return object
  return Object.freeze({
    ...previous,
    metadata: Object.freeze({ ...previous.metadata, resourceVersion: String(revision) }),
  })
}
