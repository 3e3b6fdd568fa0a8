/** Carries out a verb: status first, as the kubectl plugin does, then the spec. */
import type { KubeClient } from '../lib/kube/client.ts'
import type { KubeObject } from '../lib/kube/object.ts'
import { ROLLOUTS } from './find.ts'
import type { Patches } from './verbs.ts'

export async function applyPatches(client: KubeClient, rollout: KubeObject, patches: Patches): Promise<void> {
  const { name, namespace } = rollout.metadata
  const where = namespace === undefined ? {} : { namespace }
  if (patches.status) {
    await client.patch(ROLLOUTS, name, { status: patches.status }, { ...where, subresource: 'status' })
  }
  if (patches.spec) await client.patch(ROLLOUTS, name, { spec: patches.spec }, where)
}
