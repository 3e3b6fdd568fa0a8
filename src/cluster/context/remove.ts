/** Takes an environment out of a cluster that stays. */
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../../lib/errors.ts'
import { KubeClient } from '../../lib/kube/client.ts'
import { flattenContext } from '../../lib/kube/contexts.ts'
import { removeOwned } from '../../lib/kube/remove-owned.ts'
import type { Leftover } from '../leftover.ts'

export interface ContextEnvironment {
  name: string
  stateDir: string
  /** The context's name; undefined when only the environment's own kubeconfig knows it. */
  context: string | undefined
  env: Record<string, string | undefined>
}

/** Removes what carries the environment's labels, then its folder. A cluster that does not answer keeps the folder. */
export async function removeFromCluster(
  given: ContextEnvironment,
  progress: (what: string) => void,
): Promise<Leftover[]> {
  const { name, stateDir } = given
  let kube: KubeClient | undefined
  try {
    kube = await connect(given)
    await kube.raw('GET', '/version')
    const left = await removeOwned(kube, name, progress)
    if (left.length > 0) return left.map(({ what, why }) => ({ kind: 'object', what, why }))
  } catch (thrown) {
    return [{ kind: 'cluster', what: given.context ?? join(stateDir, 'kubeconfig'), why: messageOf(thrown) }]
  } finally {
    kube?.close()
  }
  progress('the state folder to go')
  await rm(stateDir, { recursive: true, force: true })
  await rm(`${stateDir}.lock`, { recursive: true, force: true })
  return []
}

/** The user's kubeconfig has the newer credentials; without it, or without the context, the copy must do. */
async function connect({ stateDir, context, env }: ContextEnvironment): Promise<KubeClient> {
  const copy = join(stateDir, 'kubeconfig')
  try {
    if (context !== undefined)
      return await KubeClient.fromText((await flattenContext(context, env)).text, `context ${context}`)
  } catch (thrown) {
    if (!existsSync(copy)) throw thrown
  }
  return KubeClient.fromFile(copy)
}
