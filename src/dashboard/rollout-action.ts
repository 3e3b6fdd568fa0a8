/** Carries out a verb that was pressed on the page. */
import { KubeClient } from '../lib/kube/client.ts'
import type { RunRecord } from '../lib/record.ts'
import { applyPatches } from '../rollout/act.ts'
import { findRollout } from '../rollout/find.ts'
import { abortPatches, promotePatches, retryPatches } from '../rollout/verbs.ts'
import type { Verb } from './snapshot.ts'

const PATCHES = {
  promote: promotePatches,
  'promote-full': (rollout: Parameters<typeof promotePatches>[0]) => promotePatches(rollout, { full: true }),
  abort: abortPatches,
  retry: retryPatches,
}

/** The names of the verbs. */
export const VERBS = Object.keys(PATCHES) as [Verb, ...Verb[]]

/** Writes what the kubectl plugin writes. USAGE when there is no such Rollout. */
export async function actOnRollout(record: RunRecord, name: string, verb: Verb): Promise<void> {
  const client = await KubeClient.fromFile(record.cluster.kubeconfig, record.cluster.context)
  try {
    const rollout = await findRollout(client, record, name)
    await applyPatches(client, rollout, PATCHES[verb](rollout))
  } finally {
    client.close()
  }
}
