/** Pods that failed to start for something that has come since. */
import type { KubeClient } from './client.ts'
import { isKubeError } from './errors.ts'
import type { KubeObject } from './object.ts'

const ASKED = 'devenv/look-again'

/**
 * Has the kubelet look at a pod at once. By itself it tries one that did not start again after ten seconds or more, but
 * a pod that changes is looked at when it changes. Who may not change pods waits for the kubelet instead.
 */
export async function lookAgain(kube: KubeClient, pod: KubeObject, signal: AbortSignal): Promise<void> {
  const { name, namespace = '' } = pod.metadata
  const annotations = { [ASKED]: new Date().toISOString() }
  try {
    await kube.patch('v1/pods', name, { metadata: { annotations } }, { namespace, signal })
  } catch (thrown) {
    // It may be gone, too.
    if (!isKubeError(thrown, 403) && !isKubeError(thrown, 404)) throw thrown
  }
}
