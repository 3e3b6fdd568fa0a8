/** One container of a pod: its state as the API shows it, and the process behind it. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { rfc3339, type Timer } from '../../../lib/clock.ts'
import { messageOf } from '../../../lib/errors.ts'
import type { KubeObject } from '../../objects.ts'
import { findRunner, unmappedMessage } from '../images.ts'
import { ContainerLog } from '../logs/container-log.ts'
import { ContainerProbes } from '../probes/container-probes.ts'
import type { ContainedProcess } from '../process/contained-process.ts'
import type { ContainerView } from '../status/phase.ts'
import { Backoff } from './backoff.ts'
import { runInContainer } from './exec.ts'
import { launch, launched, prepare } from './launch.ts'
import { type Handler, runHandler } from './lifecycle.ts'
import { StartError } from './program.ts'
import type { Sandbox } from './sandbox.ts'
import type { ContainerState } from './state.ts'
import { stopProcess } from './stop.ts'
import { lostState, startFailedState, terminatedState } from './terminated.ts'
import { crashLoop, createRefused, imagePullBackOff, pullError, type Waiting } from './waiting.ts'

export type ContainerRole = 'init' | 'sidecar' | 'main'

/** How a container tells its pod. */
export interface ContainerOwner {
  pod(): KubeObject
  /** State, readiness or a timer changed: look again. */
  changed(): void
  event(type: 'Normal' | 'Warning', reason: string, message: string, container: Container): void
}

const PULL_BACKOFF_MS = 10_000
/** How long ErrImagePull shows before ImagePullBackOff. */
const PULL_ERROR_MS = 1000
const RETRY_MS = 10_000

export class Container {
  readonly name: string
  readonly spec: any
  readonly role: ContainerRole
  state: ContainerState
  lastState: ContainerState = {}
  restartCount = 0
  ready = false
  started = false
  id: string | undefined
  /** The environment of the current run: commands in the container get it too. */
  env: Record<string, string> = {}
  process: ContainedProcess | undefined
  log: ContainerLog | undefined
  readonly #owner: ContainerOwner
  readonly #sandbox: Sandbox
  readonly #crashes = new Backoff()
  readonly #pulls = new Backoff()
  #probes: ContainerProbes | undefined
  #startedMs = 0
  #notBeforeMs = 0
  #wake: Timer | undefined
  #starting = false
  #stopping: Promise<void> | undefined

  constructor(spec: any, role: ContainerRole, sandbox: Sandbox, owner: ContainerOwner, hasInit: boolean) {
    this.name = spec.name
    this.spec = spec
    this.role = role
    this.#sandbox = sandbox
    this.#owner = owner
    this.state = { waiting: { reason: hasInit ? 'PodInitializing' : 'ContainerCreating' } }
  }

  /** Takes over what the API says of a run that this kubelet did not start: it is over. */
  adopt(status: any): void {
    this.restartCount = status.restartCount ?? 0
    this.lastState = status.lastState ?? {}
    if (status.containerID) this.id = status.containerID
    if (status.state?.terminated) this.state = status.state
    else if (status.state?.running) this.state = lostState(status, this.#clock.now())
  }

  get #clock() {
    return this.#sandbox.host.clock
  }

  get alive(): boolean {
    return this.process?.alive === true
  }

  /** True once a process of this container has run. */
  get ran(): boolean {
    return this.id !== undefined || this.restartCount > 0
  }

  view(): ContainerView {
    const { state, lastState } = this
    const ended = state.terminated ?? (state.waiting ? lastState.terminated : undefined)
    return {
      name: this.name,
      state: state.running ? 'running' : state.terminated ? 'terminated' : 'waiting',
      ...(ended ? { exitCode: ended.exitCode } : {}),
      ranBefore: this.ran,
      ready: this.ready,
      started: this.started,
    }
  }

  logPath(run: number): string {
    return join(this.#sandbox.folder, 'logs', this.name, `${run}.log`)
  }

  /** Starts the container unless it runs or its backoff has not passed: then it will call back when it has. */
  start(): void {
    if (this.#starting || this.alive || this.#stopping) return
    const leftMs = this.#notBeforeMs - this.#clock.now()
    if (leftMs > 0) {
      this.#sleep(leftMs)
      this.#backOff(leftMs)
      return
    }
    this.#starting = true
    void this.#start()
      .catch((thrown) => this.#startRefused(thrown))
      .finally(() => {
        this.#starting = false
        this.#owner.changed()
      })
  }

  #sleep(ms: number): void {
    this.#wake ??= this.#clock.after(ms, () => {
      this.#wake = undefined
      this.#owner.changed()
    })
  }

  async #start(): Promise<void> {
    const { image } = this.spec
    const pod = this.#owner.pod()
    const { images } = this.#sandbox.host
    const runner = findRunner(images, image)
    if (!runner) {
      this.#pullFailed(image, unmappedMessage(images, image))
      return
    }
    const prepared = await prepare(pod, this.spec, runner, this.#sandbox)
    if (this.#sandbox.closed) return
    const present = `Container image "${image}" already present on machine and can be accessed by the pod`
    this.#owner.event('Normal', 'Pulled', present, this)
    this.#owner.event('Normal', 'Created', 'Container created', this)
    if (this.ran) {
      this.restartCount++
      if (this.state.terminated) this.lastState = this.state
    }
    this.env = prepared.program.env
    this.log = new ContainerLog(this.logPath(this.restartCount), this.#clock)
    const child = launch(pod, this.spec, prepared, this.#sandbox, this.log)
    this.process = child
    await launched(child)
    this.id = newId()
    this.#startedMs = this.#clock.now()
    this.state = { running: { startedAt: rfc3339(this.#startedMs) } }
    this.#owner.event('Normal', 'Started', 'Container started', this)
    void child.exited.then(({ exitCode }) => this.#exited(exitCode))
    void this.#afterStart(child)
  }

  /** postStart, then the probes: nothing is probed before its hook has ended. */
  async #afterStart(child: ContainedProcess): Promise<void> {
    const hook: Handler | undefined = this.spec.lifecycle?.postStart
    const failure = hook && (await runHandler(hook, this.#target()))
    if (!child.alive) return
    if (failure !== undefined) {
      this.#owner.event('Warning', 'FailedPostStartHook', `PostStartHook failed: ${failure}`, this)
      void this.stop(this.#graceMs(), 'FailedPostStartHook')
    } else if (this.role !== 'init') this.#probe(child)
  }

  #probe(child: ContainedProcess): void {
    const set = (change: Partial<Pick<Container, 'ready' | 'started'>>) => {
      if (this.process !== child || !child.alive) return
      // Every pass of a probe comes here; a pod that stays as it is has nothing to say.
      if (Object.entries(change).every(([key, value]) => this[key as keyof typeof change] === value)) return
      Object.assign(this, change)
      this.#owner.changed()
    }
    this.#probes = new ContainerProbes({
      container: this.spec,
      clock: this.#clock,
      target: this.#target(),
      started: () => set({ started: true }),
      ready: (ready) => set({ ready }),
      unhealthy: (kind, output) =>
        this.#owner.event('Warning', 'Unhealthy', `${kind} probe failed: ${output}`, this),
      lost: (kind) => this.#lost(kind),
    })
  }

  #target() {
    const { host, ip } = this.#sandbox
    return {
      ip,
      ports: this.spec.ports ?? [],
      exec: (command: string[], signal: AbortSignal) => runInContainer(host.tier, this, command, signal),
    }
  }

  #lost(kind: 'Startup' | 'Liveness'): void {
    const probe = kind === 'Liveness' ? this.spec.livenessProbe : this.spec.startupProbe
    const text = `Container ${this.name} failed ${kind.toLowerCase()} probe, will be restarted`
    const seconds: number | undefined = probe.terminationGracePeriodSeconds
    void this.stop(seconds === undefined ? this.#graceMs() : seconds * 1000, text)
  }

  #graceMs(): number {
    return (this.#owner.pod().spec.terminationGracePeriodSeconds ?? 30) * 1000
  }

  /**
   * preStop, the stop signal, and SIGKILL at the end of the grace; resolves when the process has ended.
   * `why` is the text of the Killing event.
   */
  stop(graceMs: number, why = `Stopping container ${this.name}`): Promise<void> {
    const child = this.process
    if (!child?.alive) return Promise.resolve()
    if (this.#stopping) return this.#stopping
    this.#probes?.stop()
    this.#owner.event('Normal', 'Killing', why, this)
    const hookFailed = (failure: string) =>
      this.#owner.event('Warning', 'FailedPreStopHook', `PreStopHook failed: ${failure}`, this)
    this.#stopping = stopProcess(child, this.spec, this.#target(), this.#clock, graceMs, hookFailed).finally(
      () => {
        this.#stopping = undefined
        this.#owner.changed()
      },
    )
    return this.#stopping
  }

  /** Ends the process at once: the pod is gone, or goes now. */
  kill(): void {
    this.#wake?.cancel()
    this.#probes?.stop()
    this.process?.kill()
  }

  #exited(exitCode: number): void {
    this.#probes?.stop()
    this.log?.close()
    const now = this.#clock.now()
    this.ready = false
    this.started = false
    this.state = terminatedState(this.spec, {
      exitCode,
      startedMs: this.#startedMs,
      finishedMs: now,
      containerId: this.id!,
      logPath: this.logPath(this.restartCount),
    })
    this.#notBeforeMs = now + this.#crashes.failed(now - this.#startedMs)
    this.#owner.changed()
  }

  /** The pod wants a restart that has to wait. */
  #backOff(leftMs: number): void {
    if (!this.state.terminated) return
    this.lastState = this.state
    this.#wait(crashLoop(this.name, this.#owner.pod(), leftMs))
  }

  #wait({ state, events }: Waiting): void {
    this.state = state
    for (const { type, reason, message } of events) this.#owner.event(type, reason, message, this)
  }

  #pullFailed(image: string, why: string): void {
    this.#wait(pullError(image, why))
    this.#notBeforeMs = this.#clock.now() + Math.max(PULL_BACKOFF_MS, this.#pulls.failed(0))
    this.#clock.after(PULL_ERROR_MS, () => {
      if (this.state.waiting?.reason !== 'ErrImagePull' || this.#sandbox.closed) return
      this.#wait(imagePullBackOff(image, why))
      this.#owner.changed()
    })
  }

  /** What the container needed may be there now: the next start need not wait. */
  retry(): void {
    if (this.state.waiting?.reason !== 'CreateContainerConfigError') return
    this.#notBeforeMs = 0
    this.#wake?.cancel()
    this.#wake = undefined
  }

  #startRefused(thrown: unknown): void {
    const now = this.#clock.now()
    const before = this.state.waiting
    if (thrown instanceof StartError) {
      const why = messageOf(thrown)
      if (this.ran && this.process === undefined) this.restartCount++
      this.id = newId()
      this.#wait({
        state: startFailedState(why, this.id, now),
        events:
          before?.message === why ? [] : [{ type: 'Warning', reason: 'Failed', message: `Error: ${why}` }],
      })
      this.#notBeforeMs = now + this.#crashes.failed(0)
    } else {
      const refused = createRefused(thrown)
      // Said once, not at every retry.
      this.#wait(before?.message === refused.state.waiting?.message ? { ...refused, events: [] } : refused)
      this.#notBeforeMs = now + RETRY_MS
    }
  }
}

function newId(): string {
  return `devenv://${randomBytes(32).toString('hex')}`
}
