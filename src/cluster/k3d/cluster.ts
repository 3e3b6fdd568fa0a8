/** The k3d cluster itself: made, started again, or found as it is; and its kubeconfig. */
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Engine } from '../../lib/docker/engine.ts'
import { isMissing, orMissing } from '../../lib/docker/images.ts'
import { containerLog } from '../../lib/docker/logs.ts'
import { DevenvError } from '../../lib/errors.ts'
import { run } from '../../lib/exec.ts'
import { KubeClient } from '../../lib/kube/client.ts'
import { writeFileAtomic } from '../../lib/paths.ts'
import { waitFor } from '../../lib/wait.ts'
import { clusterName, nodeName } from './names.ts'
import { portTaken } from './port-taken.ts'

export interface K3d {
  binary: string
  /** DOCKER_HOST and the helper's image. */
  env: Record<string, string | undefined>
}

const CONFIG = 'k3d.yaml'
const LAST_LINES = 8
/** A k3s that starts again so often will not stay. */
const RESTARTS = 3

interface Waits {
  waiting: (what: string) => void
  signal: AbortSignal
}

/** `absent`, or whether the server's container of this environment runs. Throws CONFLICT for somebody else's. */
export async function clusterState(
  engine: Engine,
  environment: string,
): Promise<'absent' | 'running' | 'stopped'> {
  try {
    const { State, Config } = await engine.getContainer(nodeName(environment)).inspect()
    if (Config.Labels['devenv/environment'] !== environment) {
      throw new DevenvError(
        'CONFLICT',
        `a k3d cluster ${clusterName(environment)} is there, and this environment did not make it`,
        { fix: 'Take another --name, or remove that cluster with k3d cluster delete if nobody needs it.' },
      )
    }
    return State.Running ? 'running' : 'stopped'
  } catch (thrown) {
    if (isMissing(thrown)) return 'absent'
    throw thrown
  }
}

/** Makes the cluster from the config, or starts it again; ends when k3d has started its container. */
export async function ensureCluster(
  engine: Engine,
  k3d: K3d,
  given: { environment: string; stateDir: string; config: string },
  { waiting, signal }: Waits,
): Promise<void> {
  const { environment, stateDir, config } = given
  const name = clusterName(environment)
  const state = await clusterState(engine, environment)
  if (state === 'running') return
  if (state === 'stopped') {
    waiting(`k3d cluster ${name} to start`)
    await runK3d(k3d, ['cluster', 'start', name, '--wait=false'], environment, signal)
    return
  }
  waiting(`k3d cluster ${name} to be made`)
  const path = join(stateDir, CONFIG)
  await writeFileAtomic(path, config)
  try {
    await runK3d(k3d, ['cluster', 'create', '--config', path], environment, signal)
  } finally {
    await removeConfigs(stateDir)
  }
}

async function runK3d(k3d: K3d, args: string[], environment: string, signal: AbortSignal): Promise<void> {
  try {
    await run(k3d.binary, args, { env: k3d.env, signal })
  } catch (thrown) {
    throw portTaken(`node ${nodeName(environment)}`, thrown) ?? thrown
  }
}

/** The file and k3d's own copies of it: the proxy's address in them may hold a password. */
async function removeConfigs(stateDir: string): Promise<void> {
  const names = await readdir(stateDir)
  for (const name of names.filter((one) => one === CONFIG || one.startsWith(`k3d-config-tmp-${CONFIG}`)))
    await rm(join(stateDir, name), { force: true })
}

/**
 * Writes the environment's own kubeconfig, once the node runs or k3d has made all of it (`isMade`), and waits until the
 * API answers and the node is ready.
 */
export async function untilServing(
  engine: Engine,
  k3d: K3d,
  { environment, path, isMade }: { environment: string; path: string; isMade: () => boolean },
  { waiting, signal }: Waits,
): Promise<string> {
  const name = clusterName(environment)
  const node = nodeName(environment)
  await waitFor(
    `node ${node}`,
    async () =>
      isMade() || (await runs(engine, node)) ? { done: true } : { waiting: `k3d to start node ${node}` },
    { intervalMs: 250, signal },
  )
  await waitFor(
    `the kubeconfig of ${name}`,
    async () => {
      try {
        const { stdout } = await run(k3d.binary, ['kubeconfig', 'get', name], { env: k3d.env, signal })
        await writeFileAtomic(path, `${stdout}\n`)
        return { done: true }
      } catch (thrown) {
        if (thrown instanceof DevenvError && thrown.code === 'CHILD_FAILED')
          return { waiting: `node ${node} to write its kubeconfig; ${await stateOfNode(engine, node)}` }
        throw thrown
      }
    },
    { intervalMs: 1000, signal, onWaiting: (state) => waiting(state.waiting) },
  )
  const kube = await KubeClient.fromFile(path)
  try {
    await waitFor(
      'the node',
      async () => {
        const state = await stateOfNode(engine, node)
        if (!(await answers(kube))) return { waiting: `the API of node ${node}; ${state}` }
        const { items } = await kube.list('v1/nodes')
        const ready = items[0]?.status?.conditions?.find(({ type }: { type: string }) => type === 'Ready')
        if (ready?.status === 'True') return { done: true }
        return { waiting: `node ${node}: ${ready?.message ?? 'has not registered yet'}` }
      },
      { intervalMs: 250, signal, onWaiting: (state) => waiting(state.waiting) },
    )
    return (JSON.parse(await kube.raw('GET', '/version')) as { gitVersion: string }).gitVersion
  } finally {
    kube.close()
  }
}

async function answers(kube: KubeClient): Promise<boolean> {
  try {
    await kube.raw('GET', '/readyz')
    return true
  } catch {
    return false
  }
}

async function runs(engine: Engine, node: string): Promise<boolean> {
  const found = await orMissing(() => engine.getContainer(node).inspect())
  return found?.State.Running === true
}

/** A node that ended never serves: throws STEP_FAILED with its last words. Else its newest line. */
async function stateOfNode(engine: Engine, node: string): Promise<string> {
  const { State, RestartCount } = await engine.getContainer(node).inspect()
  const text = await containerLog(engine, node, { tail: LAST_LINES })
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  // The engine starts it again a few times: a first start may lose a race that the second one wins.
  if ((State.Running || State.Restarting) && RestartCount < RESTARTS)
    return `its last line: ${lines.at(-1) ?? 'none'}`
  throw new DevenvError(
    'STEP_FAILED',
    `node ${node} ended with exit code ${State.ExitCode}:\n${lines.map((line) => `  ${line}`).join('\n')}`,
    { fix: `docker logs ${node} shows the rest.` },
  )
}
