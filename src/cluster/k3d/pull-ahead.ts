/** What pods will run, pulled by a new node while its control plane still starts. */
import pMap from 'p-map'
import type { Engine } from '../../lib/docker/engine.ts'
import { execIn } from '../../lib/docker/exec.ts'
import { waitFor } from '../../lib/wait.ts'

const AT_ONCE = 3
const LOOK_MS = 250

/**
 * Pulls the images in their order, as soon as the node's container runtime answers. A node has little else to do until
 * its first pod, and pulls and unpacks for many seconds then. Never fails: what cannot be pulled is pulled again for the
 * pod that needs it, whose wait says why not.
 */
export async function pullAhead(
  engine: Engine,
  node: string,
  images: string[],
  signal: AbortSignal,
): Promise<void> {
  const crictl = (...args: string[]) => execIn(engine, node, ['crictl', ...args], signal)
  try {
    await waitFor(
      `the container runtime of ${node}`,
      async () =>
        (await crictl('version').catch(() => null)) === 0 ? { done: true } : { waiting: 'not started yet' },
      { intervalMs: LOOK_MS, signal },
    )
    await pMap(images, (image) => crictl('pull', image), { concurrency: AT_ONCE })
  } catch {
    // An engine that went away shows in what needs it.
  }
}
