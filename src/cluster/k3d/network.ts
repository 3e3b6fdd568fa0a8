/** The network of a new node's pods: k3s calls the node ready before there is one. */
import type { KubeClient } from '../../lib/kube/client.ts'
import { installObjects } from '../../lib/kube/install.ts'
import { lookAgain } from '../../lib/kube/look-again.ts'
import type { KubeObject } from '../../lib/kube/object.ts'
import { owned } from '../../lib/kube/owned.ts'
import { waitFor } from '../../lib/wait.ts'
import type { Waits } from '../provider.ts'

/** Set by flannel, k3s' network, as it takes the node's range of addresses. */
const TAKEN = 'flannel.alpha.coreos.com/public-ip'
const SYSTEM = 'kube-system'

const RBAC = 'rbac.authorization.k8s.io'

/**
 * Flannel may not see nodes until k3s has applied the last of its own manifests, seconds after it could have begun: the
 * part of them that flannel asks for.
 */
function leaveToSeeNodes(environment: string): KubeObject[] {
  const metadata = { name: 'devenv-flannel' }
  const objects: KubeObject[] = [
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRole',
      metadata,
      rules: [
        { apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list', 'watch'] },
        { apiGroups: [''], resources: ['nodes/status'], verbs: ['patch'] },
      ],
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata,
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: metadata.name },
      subjects: [{ apiGroup: RBAC, kind: 'User', name: 'system:k3s-controller' }],
    },
  ]
  return objects.map((object) => owned(object, environment))
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
  const title = 'network of pods'
  await installObjects(kube, leaveToSeeNodes(environment), { title, environment, signal, waiting })
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
