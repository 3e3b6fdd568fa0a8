/** Carries the environment's repository into the cluster, where the cluster cannot read this machine's folder. */
import { basename } from 'node:path'
import { messageOf } from '../../lib/errors.ts'
import { git } from '../../lib/git.ts'
import type { KubeClient } from '../../lib/kube/client.ts'
import { forwardService } from '../../lib/kube/portforward.ts'
import type { RepositoryCarrier } from '../../lib/record.ts'
import { waitFor } from '../../lib/wait.ts'

/**
 * Pushes every branch of the bare repository to the git server behind the Service, which then holds the same.
 * Waits until that server takes it; ends with `signal`.
 */
export async function carryRepository(
  kube: KubeClient,
  folder: string,
  { namespace, service, port }: RepositoryCarrier,
  { signal, waiting }: { signal: AbortSignal; waiting: (what: string) => void },
): Promise<void> {
  const what = `Service ${namespace}/${service}`
  await using forward = await forwardService(kube, namespace, service, port)
  const url = `git://${forward.host}:${forward.port}/${basename(folder)}`
  await waitFor(
    what,
    async () => {
      try {
        await git([`--git-dir=${folder}`, 'push', '--quiet', '--force', url, 'refs/heads/*:refs/heads/*'])
        return { done: true }
      } catch (thrown) {
        // git's own failure is no reason to end: its server may be on its way.
        return { waiting: messageOf(thrown).split('\n').at(-1)!.trim() }
      }
    },
    {
      intervalMs: 500,
      signal,
      onWaiting: (state) => waiting(`${what} to take the repository: ${state.waiting}`),
    },
  )
}
