/** Pods that an earlier run left without their image: what was wrong may be mended, but kubelets ask again after minutes. */
import type { KubeClient } from '../../lib/kube/client.ts'
import { isKubeError } from '../../lib/kube/errors.ts'
import type { LiveObjects } from '../../lib/kube/live.ts'
import { failsToPull, STARTED_AT } from './pods.ts'
import type { Waits } from './workloads.ts'

const PODS = 'v1/pods'

/**
 * Deletes them, so that their controllers make new ones, and resolves when their failures are no longer to be seen.
 * Who may not delete pods waits for the kubelet instead. `since` in milliseconds.
 */
export async function restartPulls(
  { kube, live }: { kube: KubeClient; live: LiveObjects },
  namespace: string,
  { signal, waiting }: Waits,
  since = STARTED_AT,
): Promise<void> {
  const pods = await kube.listIfServed(PODS, { namespace, signal })
  const stuck = pods.filter(
    ({ metadata, ...pod }) =>
      metadata.ownerReferences &&
      Date.parse(metadata.creationTimestamp ?? '') < since &&
      failsToPull({ metadata, ...pod }),
  )
  const deleted = new Set<string | undefined>()
  for (const { metadata } of stuck) {
    waiting(`pod ${metadata.name}, which an earlier run left without its image, to start anew`)
    try {
      await kube.delete(PODS, metadata.name, { namespace, signal })
      deleted.add(metadata.uid)
    } catch (thrown) {
      if (!isKubeError(thrown, 403)) throw thrown
    }
  }
  if (deleted.size === 0) return
  await live.until(
    () => {
      const there = live
        .list(PODS, namespace)
        .find(({ metadata }) => deleted.has(metadata.uid) && !metadata.deletionTimestamp)
      return there ? { waiting: `pod ${there.metadata.name} to end` } : { done: undefined }
    },
    { signal, onWaiting: (state) => waiting(state.waiting) },
  )
}
