/** Pods that an earlier `up` left waiting for something that may have been mended since. */
import type { KubeClient } from '../../lib/kube/client.ts'
import { isKubeError } from '../../lib/kube/errors.ts'
import type { KubeObject } from '../../lib/kube/object.ts'
import { timesOf } from './hopeless.ts'
import { statusesOf } from './pods.ts'
import type { Waits } from './workloads.ts'

/** In these the kubelet looks again after up to five minutes only. */
const BACK_OFF = new Set([
  'CrashLoopBackOff',
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'CreateContainerError',
  'RunContainerError',
])

/** True for a pod that serves nobody, waits for its next attempt, and is made again when it goes. */
function isStuck(pod: KubeObject): boolean {
  const { ownerReferences = [], deletionTimestamp } = pod.metadata
  if (deletionTimestamp || !ownerReferences.some(({ controller, kind }) => controller && kind !== 'Job'))
    return false
  return statusesOf(pod).some(({ state }) => BACK_OFF.has(state?.waiting?.reason ?? ''))
}

/**
 * Has those made anew that were there before `since` (milliseconds), as a person would, so that what is seen of them is
 * of now; `restarted` gets their uids. Who may not delete pods waits for the kubelet instead.
 */
export async function restartStuck(
  { kube, restarted }: { kube: KubeClient; restarted: Set<string> },
  namespaces: string[],
  { signal, waiting }: Waits,
  given?: number,
): Promise<void> {
  const lists = await Promise.all(
    namespaces.map((namespace) => kube.listIfServed('v1/pods', { namespace, signal })),
  )
  const since = given ?? timesOf(kube.clock).since
  const stuck = lists
    .flat()
    .filter((pod) => Date.parse(pod.metadata.creationTimestamp ?? '') < since && isStuck(pod))
  for (const { metadata } of stuck) {
    const { name, namespace = '', uid = '' } = metadata
    waiting(`pod ${name}, which an earlier run left stuck, to start anew`)
    try {
      await kube.delete('v1/pods', name, { namespace, signal })
      restarted.add(uid)
    } catch (thrown) {
      if (!isKubeError(thrown, 403)) throw thrown
    }
  }
}
