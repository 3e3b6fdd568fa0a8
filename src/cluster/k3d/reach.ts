/** Whether the engine's 127.0.0.1 leads here: a port that it publishes opens on this machine. Asked before the cluster is made. */
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Clock } from '../../lib/clock.ts'
import type { Engine, EngineInfo } from '../../lib/docker/engine.ts'
import { orMissing } from '../../lib/docker/images.ts'
import { DevenvError } from '../../lib/errors.ts'
import { waitFor } from '../../lib/wait.ts'

interface Waits {
  waiting: (what: string) => void
  signal: AbortSignal
  clock?: Clock
}

/** A container that runs, whose program may still be on its way to listen. */
const LISTEN_MS = 60_000

/**
 * Resolves when a port that a container publishes on 127.0.0.1 is open on this machine. Throws STEP_FAILED for a
 * container that ended, and where the port stays closed although it runs: then 127.0.0.1 of the engine is another.
 */
export async function untilReached(
  { engine, info }: { engine: Engine; info: EngineInfo },
  container: string,
  port: number,
  { waiting, signal, clock }: Waits,
): Promise<void> {
  const tell = (state: { waiting: string }) => waiting(`127.0.0.1:${port} to open: ${state.waiting}`)
  try {
    await waitFor(
      `127.0.0.1:${port}`,
      async () => {
        await opens(port)
        return { done: true }
      },
      { timeoutMs: LISTEN_MS, intervalMs: 100, signal, onWaiting: tell, ...(clock ? { clock } : {}) },
    )
  } catch (thrown) {
    if (!(thrown instanceof DevenvError) || thrown.code !== 'DEADLINE') throw thrown
    const there = await orMissing(() => engine.getContainer(container).inspect())
    if (!there?.State.Running)
      throw new DevenvError('STEP_FAILED', `container ${container} does not stay up`, {
        cause: thrown,
        fix: `docker logs ${container} shows why.`,
      })
    throw new DevenvError(
      'STEP_FAILED',
      `container ${container} runs and publishes 127.0.0.1:${port}, but nothing answers there on this machine: the engine at ${info.host} is on another machine, or in another network`,
      {
        cause: thrown,
        fix: 'Use an engine on this machine, run devenv on that one, or make a cluster there and take --cluster context:NAME; npm run down takes away what there is.',
      },
    )
  }
}

async function opens(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
  } finally {
    socket.destroy()
  }
}
