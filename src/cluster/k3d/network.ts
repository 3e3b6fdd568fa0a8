/** The network of a new node's pods: k3s calls the node ready before there is one. */
import type { KubeClient } from '../../lib/kube/client.ts'
import { lookAgain } from '../../lib/kube/look-again.ts'
import type { KubeObject } from '../../lib/kube/object.ts'
import { owned } from '../../lib/kube/owned.ts'
import { waitFor } from '../../lib/wait.ts'
import type { Waits } from '../provider.ts'

/** Set by flannel, k3s' network, as it takes the node's range of addresses. */
const TAKEN = 'flannel.alpha.coreos.com/public-ip'
const SYSTEM = 'kube-system'

/**
 * Flannel may not see nodes until k3s has applied the last of its own manifests, seconds after it could have begun. The
 * role is the nodes' own; k3s gives the same user as much, later.
 */
function leaveToSeeNodes(environment: string): KubeObject {
  const group = 'rbac.authorization.k8s.io'
  return owned(
    {
      apiVersion: `${group}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'devenv-flannel' },
      roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'system:node' },
      subjects: [{ apiGroup: group, kind: 'User', name: 'system:k3s-controller' }],
    } as KubeObject,
    environment,
  )
}

/** Waits until pods can start, and has those looked at that tried sooner: k3s makes some of its own before. */
export async function untilNetwork(
  kube: KubeClient,
  environment: string,
  { waiting, signal }: Waits,
): Promise<void> {
  const hasNetwork = async () => {
    const { items } = await kube.list('v1/nodes')
    return items[0]?.metadata.annotations?.[TAKEN] !== undefined
  }
  if (await hasNetwork()) return
  const options = { fieldManager: 'devenv', signal }
  await kube.apply('rbac.authorization.k8s.io/v1/clusterrolebindings', leaveToSeeNodes(environment), options)
  await waitFor(
    'the network of pods',
    async () =>
      (await hasNetwork())
        ? { done: true }
        : { waiting: 'flannel, the network of pods, to take its addresses' },
    { intervalMs: 100, signal, onWaiting: (state) => waiting(state.waiting) },
  )
  const { items } = await kube.list('v1/pods', { namespace: SYSTEM })
  const early = items.filter(({ status }) => status?.podIP === undefined)
  await Promise.all(early.map((pod) => lookAgain(kube, pod, signal)))
}
