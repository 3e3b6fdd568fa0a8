/** Events live for an hour. */
import { bucketOf, type RegistryContext } from './registry/context.ts'
import { deleteObject } from './registry/delete.ts'

const TTL_MS = 3600 * 1000
const SWEEP_MS = 60 * 1000

/** Deletes events an hour after their last occurrence, in sweeps of a minute. */
export function runEventExpiry(context: RegistryContext): Disposable {
  let timer = context.clock.after(SWEEP_MS, sweep)
  function sweep(): void {
    expireEvents(context)
    timer = context.clock.after(SWEEP_MS, sweep)
  }
  return { [Symbol.dispose]: () => timer.cancel() }
}

/** One sweep. */
function expireEvents(context: RegistryContext): void {
  const info = context.catalog.find('', 'v1', 'events')
  if (!info) return
  const oldest = context.clock.now() - TTL_MS
  for (const { metadata, lastTimestamp } of context.store.list(bucketOf(info))) {
    const last = Date.parse(lastTimestamp ?? metadata.creationTimestamp)
    if (last < oldest) deleteObject(context, info, metadata.namespace, metadata.name, {})
  }
}
