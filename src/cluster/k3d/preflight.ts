/** What k3d needs of this machine and its engine, asked before anything is created. */
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { type Engine, type EngineInfo, type FoundEngine, findEngine } from '../../lib/docker/engine.ts'
import { DevenvError } from '../../lib/errors.ts'
import { freeBytes } from '../../lib/free-bytes.ts'
import { stateDir } from '../../lib/paths.ts'
import { proxies, proxyHost } from '../../lib/proxies.ts'
import { waitFor } from '../../lib/wait.ts'
import { type Capacity, judgeEngine } from './capacity.ts'
import { clusterState } from './cluster.ts'
import { hasOwnNetwork } from './containers.ts'
import { checkClock } from './engine-clock.ts'
import { isOnThisKernel } from './engine-host.ts'
import { orEmbedded } from './instead.ts'
import { engineLabels, mirrorVolume } from './names.ts'
import { thingsOf } from './remove.ts'
import { ownerInEngine } from './shared.ts'
import { type EngineState, portsOf } from './state.ts'
import { hasVolume } from './store.ts'
import { checkSuitable } from './suitable.ts'

export interface Examined extends FoundEngine {
  capacity: Capacity
  /** The user id that this user's files have in containers, where the engine tells. */
  owner: number | undefined
}

const GB = 1024 ** 3
/**
 * What is written on the engine's disk, measured: images in the engine, in the mirrors and in the node; without the first
 * two where an earlier run has left them; a cluster that is there grows little, but its kubelet evicts pods below 500 MB.
 */
const DISK_NEEDED = { first: 6 * GB, again: 4 * GB, resumed: 1 * GB }
// kubelet, containerd and the operators watch many files; below these numbers pods fail with "too many open files".
const INOTIFY = { max_user_instances: 256, max_user_watches: 65_536 }

/** A virtual machine's port stays open here for a moment after its container has ended. */
const FORWARD_LINGERS_MS = 5_000

/** The engine and what fits into it. Throws what stands against a cluster, with how to mend it. */
export async function examineEngine(
  environment: string,
  state: EngineState | undefined,
  env: Record<string, string | undefined>,
  progress: (what: string) => void,
): Promise<Examined> {
  const found = await findEngine(state ? { ...env, DOCKER_HOST: state.host } : env)
  if ('absent' in found)
    throw new DevenvError('PROVIDER_UNAVAILABLE', found.absent, {
      fix: state
        ? 'Start it again: this environment is in it.'
        : `${engineFix(found.absent, env)}${orEmbedded()}`,
    })
  const { engine, info } = found
  const now = Date.now()
  progress(`${info.product} ${info.ServerVersion} at ${info.host}, cgroup v${info.CgroupVersion ?? '?'}`)
  checkSuitable(info)
  const capacity = judgeEngine(info)
  progress(capacity.reason)
  progress(`takes about ${capacity.parts.map(({ name, memoryMb }) => `${name} ${memoryMb} MB`).join(', ')}`)
  const there = await clusterState(engine, environment)
  checkClock(info, { now, isNew: there === 'absent' }, progress)
  if (isOnThisKernel(info)) {
    const pulled = await hasVolume(engine, mirrorVolume('docker.io'))
    const run = there !== 'absent' ? 'resumed' : pulled ? 'again' : 'first'
    await checkDisk(info.DockerRootDir, DISK_NEEDED[run])
    await checkInotify(progress)
  }
  tellProxy(info, env, progress)
  await hasOwnNetwork(engine, environment)
  const owner = await ownerInEngine(found, environment, stateDir(environment, env))
  if (there !== 'running' && state) {
    const lingerMs = isOnThisKernel(info) ? 0 : FORWARD_LINGERS_MS
    await checkPorts(engine, environment, portsOf(state, capacity.size), lingerMs)
  }
  if (there === 'absent') await tellLeftovers(engine, environment, progress)
  return { engine, info, capacity, owner }
}

/** How to come to an engine where none answered, by what was said of those that were asked. */
export function engineFix(why: string, { DOCKER_HOST }: Record<string, string | undefined>): string {
  // Its socket is there, and belongs to a group that this user is not in.
  if (/EACCES/.test(why)) return 'sudo usermod -aG docker "$USER" and log in again.'
  if (DOCKER_HOST) return 'Start that engine, or unset DOCKER_HOST to use another one.'
  return 'Start Docker (or Colima, Rancher Desktop, OrbStack, Podman).'
}

/** The engine's own folder. */
async function checkDisk(folder: string | undefined, needed: number): Promise<void> {
  const free = folder === undefined ? undefined : await freeBytes(folder)
  if (free === undefined || free >= needed) return
  throw new DevenvError(
    'PREFLIGHT',
    `the disk of the Docker engine (${folder}) has ${(free / GB).toFixed(1)} GB free; images and data take about ${needed / GB} GB`,
    { fix: 'docker system df shows what takes it, docker system prune frees what nothing uses.' },
  )
}

async function checkInotify(progress: (what: string) => void): Promise<void> {
  for (const [name, needed] of Object.entries(INOTIFY)) {
    const text = await readFile(`/proc/sys/fs/inotify/${name}`, 'utf8').catch(() => undefined)
    if (text !== undefined && Number(text) < needed)
      progress(
        `fs.inotify.${name} is ${text.trim()}, pods may fail with "too many open files": sudo sysctl fs.inotify.${name}=${needed}`,
      )
  }
}

/** The engine pulls images by itself: it has to know the proxy too. */
function tellProxy(
  { HttpsProxy: own }: EngineInfo,
  env: Record<string, string | undefined>,
  progress: (what: string) => void,
): void {
  const { httpsProxy } = proxies(env)
  if (!httpsProxy) return
  progress(`downloads, mirrors, nodes and image builds go through ${proxyHost(httpsProxy)} (HTTPS_PROXY)`)
  progress(
    own
      ? `the engine pulls through ${proxyHost(own)}, by its own settings`
      : 'the engine has no proxy in its own settings: it pulls what it lacks without one',
  )
}

/**
 * What the environment was given must be free where no container of its own holds it: while it is stopped another
 * program may take a port, and in front of a virtual machine that one would then be talked to.
 */
async function checkPorts(
  engine: Engine,
  environment: string,
  ports: number[],
  lingerMs: number,
): Promise<void> {
  const label = Object.entries(engineLabels(environment)).map(([key, value]) => `${key}=${value}`)
  const running = await engine.listContainers({ filters: { label } })
  const held = new Set(running.flatMap(({ Ports }) => (Ports ?? []).map(({ PublicPort }) => PublicPort)))
  for (const port of ports) {
    if (held.has(port) || (await isFree(port, lingerMs))) continue
    throw new DevenvError(
      'PORT_BUSY',
      `127.0.0.1:${port} belongs to this environment, but another program listens there`,
      {
        fix: 'End that program, or npm run down and npm run up for new ports.',
      },
    )
  }
}

async function isFree(port: number, lingerMs: number): Promise<boolean> {
  if (await canListen(port)) return true
  const closed = waitFor<true>(
    `127.0.0.1:${port}`,
    async () => ((await canListen(port)) ? { done: true } : { waiting: 'somebody listens there' }),
    { timeoutMs: lingerMs },
  )
  return closed.catch(() => false)
}

function canListen(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

async function tellLeftovers(
  engine: Engine,
  environment: string,
  progress: (what: string) => void,
): Promise<void> {
  const { containers, volumes } = await thingsOf(engine, environment)
  if (containers.length + volumes.length > 0)
    progress(`${containers.length} containers and ${volumes.length} volumes of an earlier run are used again`)
}
