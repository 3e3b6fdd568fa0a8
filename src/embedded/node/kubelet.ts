/** The kubelet: runs the pods that are bound to this node as processes. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../../lib/clock.ts'
import { messageOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/log.ts'
import type { Client, WatchEvent } from '../client.ts'
import type { Net } from '../net/net.ts'
import { type KubeObject, keyOf } from '../objects.ts'
import type { NodeAgent } from './agent.ts'
import type { ImageMap } from './images.ts'
import { Agent } from './node-agent.ts'
import { machineCapacity, nodeObject } from './node-object.ts'
import type { PodHost } from './pod/host.ts'
import { PodWorker } from './pod/pod-worker.ts'
import { Guardian } from './process/guardian.ts'
import type { ProbedTier } from './process/tier.ts'
import type { BrokerInstall } from './rabbitmq/install.ts'
import { keepLease, registerNode } from './register.ts'
import { type Target, UsageSampler } from './usage/sampler.ts'
import type { TokenSource } from './volumes/content.ts'

export interface KubeletOptions {
  client: Client
  clock: Clock
  log: Logger
  nodeName: string
  /** One folder per pod is made in here, and removed with the pod. */
  podsDir: string
  /** For what outlives pods (compiled code). */
  cacheDir: string
  /** Entries of `node` runners are relative to this folder. */
  checkout: string
  images: ImageMap
  net: Net
  runtimeTier: ProbedTier
  environment: { name: string }
  brokerInstall?: BrokerInstall | undefined
  /** Makes ServiceAccount tokens for projected volumes; without it they are empty. */
  tokens?: TokenSource
}

export interface Kubelet {
  agent: NodeAgent
  /** Registers the node and takes up the pods that are bound to it. */
  start(): void
  /** Ends every pod's processes within `graceMs` (0: at once) and leaves the API's objects as they are. */
  stop(options?: { graceMs?: number }): Promise<void>
}

const NO_TOKENS: TokenSource = { token: () => '' }
const STOP_GRACE_MS = 8000
const REFRESH_DELAY_MS = 100

export function createKubelet(options: KubeletOptions): Kubelet {
  return new NodeKubelet(options)
}

class NodeKubelet implements Kubelet {
  readonly agent: NodeAgent
  readonly #options: KubeletOptions
  readonly #host: PodHost
  readonly #workers = new Map<string, PodWorker>()
  readonly #guardian: Guardian | undefined
  readonly #open: Disposable[] = []
  readonly #stale = new Set<string>()
  #sampler: UsageSampler | undefined
  #ending = new Set<Promise<void>>()

  constructor(options: KubeletOptions) {
    this.#options = options
    const { client, clock, log, net, nodeName, podsDir, cacheDir, checkout, images } = options
    mkdirSync(podsDir, { recursive: true, mode: 0o700 })
    const { tier } = options.runtimeTier
    this.#guardian = tier === 'groups' ? new Guardian() : undefined
    this.#host = {
      client,
      clock,
      log: log.child('kubelet'),
      net,
      nodeName,
      podsDir,
      cacheDir,
      checkout,
      images,
      tier,
      guardian: this.#guardian,
      environmentName: options.environment.name,
      broker: options.brokerInstall,
      tokens: options.tokens ?? NO_TOKENS,
      allocatable: machineCapacity(podsDir),
    }
    this.agent = new Agent({
      worker: (namespace, pod) => this.#workers.get(`${namespace}/${pod}`),
      usage: () => this.#sampler?.usage() ?? [],
      tier,
      clock,
    })
  }

  start(): void {
    const { client, clock, log, net } = this.#host
    const { name: environment } = this.#options.environment
    registerNode(
      client,
      nodeObject({
        name: this.#host.nodeName,
        address: net.nodeAddress,
        capacity: this.#host.allocatable,
        runtime: `${environment}/${this.#host.tier}`,
        nowMs: clock.now(),
      }),
    )
    this.#removeOrphans()
    this.#sampler = new UsageSampler(clock, () => this.#targets())
    this.#open.push(this.#sampler, keepLease(client, clock, this.#host.nodeName, log))
    this.#open.push(client.watch('v1/pods', (event) => this.#podChanged(event)))
    this.#open.push(client.watch('v1/configmaps', ({ object }) => this.#sourceChanged(object)))
    this.#open.push(client.watch('v1/secrets', ({ object }) => this.#sourceChanged(object)))
    this.#open.push(net.onChange(() => this.#namesChanged()))
  }

  /** Folders of pods that went while this kubelet was away. */
  #removeOrphans(): void {
    const { client, podsDir } = this.#host
    const known = new Set(client.list('v1/pods').map((pod) => pod.metadata.uid))
    for (const uid of readdirSync(podsDir)) {
      if (!known.has(uid)) rmSync(join(podsDir, uid), { recursive: true, force: true })
    }
  }

  #podChanged({ type, object }: WatchEvent): void {
    if (object.spec?.nodeName !== this.#host.nodeName) return
    const key = keyOf(object)
    const worker = this.#workers.get(key)
    const same = worker?.pod().metadata.uid === object.metadata.uid
    if (type === 'DELETED') {
      if (worker && same) this.#forget(key, worker)
      else rmSync(join(this.#host.podsDir, object.metadata.uid), { recursive: true, force: true })
      return
    }
    if (worker && same) {
      worker.update(object)
      return
    }
    if (worker) this.#forget(key, worker)
    if (isOver(object) && !object.metadata.deletionTimestamp) return
    try {
      this.#workers.set(key, new PodWorker(this.#host, object))
    } catch (thrown) {
      this.#host.log.error(`pod ${key}: ${messageOf(thrown)}`)
    }
  }

  #forget(key: string, worker: PodWorker): void {
    this.#workers.delete(key)
    const ending = worker
      .forget()
      .catch((thrown) => this.#host.log.warn(`pod ${key}: ${messageOf(thrown)}`))
      .finally(() => this.#ending.delete(ending))
    this.#ending.add(ending)
  }

  /** A ConfigMap or Secret changed: the pods of its namespace look again, together and a moment later. */
  #sourceChanged(object: KubeObject): void {
    const namespace = object.metadata.namespace!
    if (this.#stale.has(namespace)) return
    this.#stale.add(namespace)
    this.#host.clock.after(REFRESH_DELAY_MS, () => {
      this.#stale.delete(namespace)
      for (const worker of this.#workers.values()) {
        if (worker.pod().metadata.namespace === namespace) worker.refresh()
      }
    })
  }

  #namesChanged(): void {
    for (const worker of this.#workers.values()) worker.sandbox.writeHosts()
  }

  #targets(): Target[] {
    return [...this.#workers.values()].flatMap((worker) => {
      const { namespace, name } = worker.pod().metadata
      return worker.containers.flatMap((container) => {
        const rootPid = container.process?.outerPid
        if (!container.alive || rootPid === undefined || container.id === undefined) return []
        return [{ namespace: namespace!, pod: name, container: container.name, run: container.id, rootPid }]
      })
    })
  }

  async stop({ graceMs = STOP_GRACE_MS }: { graceMs?: number } = {}): Promise<void> {
    for (const one of this.#open.splice(0)) one[Symbol.dispose]()
    await Promise.all([
      ...[...this.#workers.values()].map((worker) => worker.shutDown(graceMs)),
      ...this.#ending,
    ])
    this.#workers.clear()
    this.#guardian?.[Symbol.dispose]()
  }
}

function isOver(pod: KubeObject): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
}
