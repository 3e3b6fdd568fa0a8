/** One pod on this node, from its first container to its last: what the kubelet's pod worker is. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Timer } from '../../../lib/clock.ts'
import { messageOf } from '../../../lib/errors.ts'
import { recordEvent } from '../../controllers/runtime/events.ts'
import { isStatus } from '../../errors.ts'
import type { KubeObject } from '../../objects.ts'
import type { Phase } from '../status/phase.ts'
import { podStatus, podView } from '../status/pod-status.ts'
import { VolumeError } from '../volumes/content.ts'
import { setUpVolumes } from '../volumes/pod-volumes.ts'
import { Container, type ContainerOwner } from './container.ts'
import type { PodHost } from './host.ts'
import { containersToStart } from './next.ts'
import { Sandbox } from './sandbox.ts'

const VOLUME_RETRY_MS = 2000

export class PodWorker implements ContainerOwner {
  readonly #host: PodHost
  readonly #startedMs: number
  readonly containers: Container[]
  readonly sandbox: Sandbox
  #pod: KubeObject
  #verdict: { reason: string; message: string } | undefined
  #terminating: Promise<void> | undefined
  #killTimer: Timer | undefined
  #deadline: Timer | undefined
  #volumeRetry: Timer | undefined
  #volumesReady = false
  #queued = false
  #gone = false

  constructor(host: PodHost, pod: KubeObject) {
    this.#host = host
    this.#pod = pod
    this.#startedMs = host.clock.now()
    this.sandbox = new Sandbox(host, pod)
    const init: any[] = pod.spec.initContainers ?? []
    const make = (spec: any, role: Container['role']) =>
      new Container(spec, role, this.sandbox, this, init.length > 0)
    this.containers = [
      ...init.map((spec) => make(spec, spec.restartPolicy === 'Always' ? 'sidecar' : 'init')),
      ...pod.spec.containers.map((spec: any) => make(spec, 'main')),
    ]
    this.#adopt()
    this.#watchDeadline()
    this.update(pod)
  }

  /** After a restart of the node the API knows of runs that are over. */
  #adopt(): void {
    const { initContainerStatuses = [], containerStatuses = [] } = this.#pod.status ?? {}
    for (const status of [...initContainerStatuses, ...containerStatuses]) {
      this.containers.find((container) => container.name === status.name)?.adopt(status)
    }
  }

  #watchDeadline(): void {
    const seconds: number | undefined = this.#pod.spec.activeDeadlineSeconds
    if (seconds === undefined) return
    this.#deadline = this.#host.clock.after(seconds * 1000, () => {
      const message = 'Pod was active on the node longer than the specified deadline'
      this.#verdict = { reason: 'DeadlineExceeded', message }
      for (const container of this.containers) void container.stop(this.#specGraceMs())
      this.changed()
    })
  }

  pod(): KubeObject {
    return this.#pod
  }

  /** The API's newest version of the pod. */
  update(pod: KubeObject): void {
    this.#pod = pod
    if (pod.metadata.deletionTimestamp) this.#terminate()
    else this.changed()
  }

  /** Something that the pod reads has changed: files follow, and containers that waited for it try again. */
  refresh(): void {
    if (this.#gone || this.#terminating) return
    this.#volumesReady = false
    for (const container of this.containers) container.retry()
    this.changed()
  }

  /** Looks at the pod again, once, after what is going on now. */
  changed(): void {
    if (this.#queued || this.#gone) return
    this.#queued = true
    setImmediate(() => {
      this.#queued = false
      if (this.#gone) return
      try {
        if (!this.#terminating) this.#sync()
        this.#publish()
      } catch (thrown) {
        this.#host.log.warn(
          `pod ${this.#pod.metadata.namespace}/${this.#pod.metadata.name}: ${messageOf(thrown)}`,
        )
      }
    })
  }

  event(type: 'Normal' | 'Warning', reason: string, message: string, container?: Container): void {
    if (this.#gone) return
    const field = container && (container.role === 'main' ? 'containers' : 'initContainers')
    recordEvent(this.#host.client, this.#host.clock.now(), {
      regarding: this.#pod,
      type,
      reason,
      message,
      component: 'kubelet',
      host: this.#host.nodeName,
      ...(container ? { fieldPath: `spec.${field}{${container.name}}` } : {}),
    })
  }

  #sync(): void {
    if (this.#verdict || this.#ended()) {
      this.#end()
      return
    }
    if (!this.#setUpVolumes()) return
    for (const name of containersToStart(podView(this.#pod, this.containers))) {
      this.containers.find((container) => container.name === name)!.start()
    }
  }

  #ended(): boolean {
    const phase: Phase = this.#status().phase
    return phase === 'Succeeded' || phase === 'Failed'
  }

  /** The pod has run its course: sidecars go too. */
  #end(): void {
    this.#deadline?.cancel()
    for (const container of this.containers) {
      if (container.role === 'sidecar' && container.alive) void container.stop(this.#specGraceMs())
    }
  }

  /** True once all volumes are there; else an event says why, and the pod tries again by itself. */
  #setUpVolumes(): boolean {
    if (this.#volumesReady) return true
    try {
      const { host, folder } = this.sandbox
      setUpVolumes(this.#pod, join(folder, 'volumes'), this.sandbox.sources(), host.tokens)
      this.#volumesReady = true
    } catch (thrown) {
      if (!(thrown instanceof VolumeError)) throw thrown
      this.event('Warning', 'FailedMount', thrown.message)
      this.#volumeRetry?.cancel()
      this.#volumeRetry = this.#host.clock.after(VOLUME_RETRY_MS, () => this.changed())
    }
    return this.#volumesReady
  }

  #specGraceMs(): number {
    return (this.#pod.spec.terminationGracePeriodSeconds ?? 30) * 1000
  }

  #graceMs(): number {
    const seconds = this.#pod.metadata.deletionGracePeriodSeconds
    return seconds === undefined ? this.#specGraceMs() : seconds * 1000
  }

  /** Graceful end: a later, shorter grace cuts an earlier one short. */
  #terminate(): void {
    const graceMs = this.#graceMs()
    if (this.#terminating) {
      this.#killTimer?.cancel()
      this.#killTimer = this.#host.clock.after(graceMs, () => this.kill())
      return
    }
    this.#terminating = this.#stopAll(graceMs).then(() => this.#finish())
    this.changed()
  }

  /** Main containers side by side, then sidecars, the last one first. */
  async #stopAll(graceMs: number): Promise<void> {
    const deadline = this.#host.clock.now() + graceMs
    this.#deadline?.cancel()
    await Promise.all(
      this.containers
        .filter((container) => container.role !== 'sidecar')
        .map((container) => container.stop(graceMs)),
    )
    for (const sidecar of this.containers.filter((container) => container.role === 'sidecar').reverse()) {
      await sidecar.stop(Math.max(0, deadline - this.#host.clock.now()))
    }
  }

  /** The kubelet's last word: final status, then the delete that removes the object. */
  #finish(): void {
    if (this.#gone) return
    const { name, namespace, uid } = this.#pod.metadata
    try {
      this.#publish()
      this.#host.client.delete('v1/pods', namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } })
    } catch (thrown) {
      if (!isStatus(thrown, 404) && !isStatus(thrown, 409)) throw thrown
    }
  }

  /** Ends every process now. */
  kill(): void {
    for (const container of this.containers) container.kill()
  }

  /** The object is gone: so are the processes, the address and the files. */
  async forget(): Promise<void> {
    this.#gone = true
    this.#killTimer?.cancel()
    this.#volumeRetry?.cancel()
    this.#deadline?.cancel()
    this.kill()
    await Promise.all(this.containers.map((container) => container.process?.exited))
    this.sandbox[Symbol.dispose]()
    rmSync(this.sandbox.folder, { recursive: true, force: true, maxRetries: 3 })
  }

  /** The node goes down: processes end within the grace, the API's picture stays as it is. */
  async shutDown(graceMs: number): Promise<void> {
    this.#gone = true
    this.#volumeRetry?.cancel()
    this.#deadline?.cancel()
    await this.#stopAll(graceMs)
    this.sandbox[Symbol.dispose]()
  }

  #status() {
    return podStatus({
      pod: this.#pod,
      containers: this.containers,
      ip: this.sandbox.ip,
      hostIp: this.#host.net.nodeAddress,
      startedMs: this.#startedMs,
      nowMs: this.#host.clock.now(),
      verdict: this.#verdict,
    })
  }

  /** Writes the status when it differs from what the API has. */
  #publish(): void {
    const { name, namespace } = this.#pod.metadata
    const status = this.#status()
    const current = this.#host.client.get('v1/pods', namespace, name)
    if (!current || current.metadata.uid !== this.#pod.metadata.uid) return
    const merged = { ...current.status, ...status }
    if (isDeepStrictEqual(merged, { ...current.status })) return
    this.#pod = this.#host.client.patch(
      'v1/pods',
      namespace,
      name,
      { status },
      {
        type: 'merge',
        subresource: 'status',
        fieldManager: 'kubelet',
      },
    )
  }
}
