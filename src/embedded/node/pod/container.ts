/** One container of a pod: its state as the API shows it, and the process behind it. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { rfc3339, type Timer } from '../../../lib/clock.ts'
import { messageOf } from '../../../lib/errors.ts'
import type { KubeObject } from '../../objects.ts'
import { ConfigError, containerEnvironment } from '../env/environment.ts'
import { findRunner, unmappedMessage } from '../images.ts'
import { ContainerLog } from '../logs/container-log.ts'
import { ContainerProbes, type ProbeKind } from '../probes/container-probes.ts'
import { ContainedProcess } from '../process/contained-process.ts'
import { planMounts } from '../process/mounts.ts'
import type { ContainerView } from '../status/phase.ts'
import { containerMounts } from '../volumes/pod-volumes.ts'
import { Backoff, formatDelay } from './backoff.ts'
import { runInContainer } from './exec.ts'
import { type Handler, runHandler } from './lifecycle.ts'
import { programFor, StartError } from './program.ts'
import type { Sandbox } from './sandbox.ts'
import { terminatedState } from './terminated.ts'

export type ContainerRole = 'init' | 'sidecar' | 'main'

/** The API's ContainerState: exactly one of the three. */
export interface ContainerState {
  waiting?: { reason: string; message?: string }
  running?: { startedAt: string }
  terminated?: any
}

/** How a container tells its pod. */
export interface ContainerOwner {
  pod(): KubeObject
  /** State, readiness or a timer changed: look again. */
  changed(): void
  event(type: 'Normal' | 'Warning', reason: string, message: string, container: Container): void
}

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
    const reason = hasInit && role === 'main' ? 'PodInitializing' : 'ContainerCreating'
    this.state = { waiting: { reason: hasInit ? 'PodInitializing' : reason } }
  }

  /** Takes over what the API says of a run that this kubelet did not start: it is over. */
  adopt(status: any): void {
    this.restartCount = status.restartCount ?? 0
    this.lastState = status.lastState ?? {}
    if (status.state?.terminated) {
      this.state = status.state
      this.id = status.containerID
    } else if (status.state?.running) {
      this.id = status.containerID
      const now = rfc3339(this.#clock.now())
      const exit = {
        reason: 'Error',
        message: 'The node was stopped.',
        startedAt: status.state.running.startedAt,
      }
      this.state = {
        terminated: { ...exit, exitCode: 255, finishedAt: now, containerID: status.containerID },
      }
    }
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
    void this.#start().finally(() => {
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
    const { host, folder } = this.#sandbox
    const pod = this.#owner.pod()
    const { image } = this.spec
    const runner = findRunner(host.images, image)
    if (!runner) {
      this.#pullFailed(image, unmappedMessage(host.images, image))
      return
    }
    const ownFolder = join(folder, 'containers', this.name)
    try {
      const podEnv = containerEnvironment(pod, this.spec, this.#sandbox.sources())
      mkdirSync(join(ownFolder, 'tmp'), { recursive: true, mode: 0o700 })
      const program = await programFor(runner, this.spec, podEnv, this.#sandbox.programContext(ownFolder))
      const mounts = containerMounts(pod, this.spec, join(folder, 'volumes'), podEnv)
      if (this.#stopping) return
      this.#owner.event(
        'Normal',
        'Pulled',
        `Container image "${image}" already present on machine and can be accessed by the pod`,
        this,
      )
      this.#owner.event('Normal', 'Created', 'Container created', this)
      this.#run(program.argv, program.env, ownFolder, mounts)
    } catch (thrown) {
      if (thrown instanceof ConfigError) this.#configFailed(thrown.message)
      else if (thrown instanceof StartError) this.#startFailed(thrown.message)
      else this.#createFailed(messageOf(thrown))
    }
  }

  #run(
    argv: string[],
    env: Record<string, string>,
    folder: string,
    wanted: ReturnType<typeof containerMounts>,
  ): void {
    const { host, hostsFile } = this.#sandbox
    const isolated = host.tier !== 'groups'
    const hosts = { source: hostsFile, target: '/etc/hosts', readOnly: false }
    const plan = isolated
      ? planMounts([hosts, ...wanted], join(folder, '.mounts'))
      : { mounts: [], root: undefined }
    if (this.ran) {
      this.restartCount++
      if (this.state.terminated) this.lastState = this.state
    }
    this.env = env
    this.log = new ContainerLog(this.logPath(this.restartCount), this.#clock)
    const { log } = this
    const child = new ContainedProcess(
      host.tier,
      {
        supervisorPid: process.pid,
        hostname: this.#owner.pod().spec.hostname ?? this.#owner.pod().metadata.name,
        mounts: plan.mounts,
        root: plan.root,
        cwd:
          this.spec.workingDir && isolated && isFolder(this.spec.workingDir) ? this.spec.workingDir : folder,
        argv,
      },
      env,
      host.guardian,
    )
    this.process = child
    child.stdout.on('data', (chunk) => log.write('stdout', chunk))
    child.stderr.on('data', (chunk) => log.write('stderr', chunk))
    this.id = `devenv://${randomBytes(32).toString('hex')}`
    this.#startedMs = this.#clock.now()
    this.state = { running: { startedAt: rfc3339(this.#startedMs) } }
    this.#owner.event('Normal', 'Started', 'Container started', this)
    void child.exited.then(({ exitCode }) => this.#exited(child, exitCode))
    void this.#afterStart(child)
  }

  logPath(run: number): string {
    return join(this.#sandbox.folder, 'logs', this.name, `${run}.log`)
  }

  /** postStart, then the probes: nothing is probed before its hook has ended. */
  async #afterStart(child: ContainedProcess): Promise<void> {
    const hook: Handler | undefined = this.spec.lifecycle?.postStart
    if (hook) {
      const failure = await runHandler(hook, this.#target())
      if (!child.alive) return
      if (failure !== undefined) {
        this.#owner.event('Warning', 'FailedPostStartHook', `PostStartHook failed: ${failure}`, this)
        void this.stop(this.#graceMs(), 'FailedPostStartHook')
        return
      }
    }
    if (this.role === 'init') this.#owner.changed()
    else this.#probe(child)
  }

  #probe(child: ContainedProcess): void {
    const set = (change: () => void) => {
      if (this.process !== child || !child.alive) return
      change()
      this.#owner.changed()
    }
    this.#probes = new ContainerProbes({
      container: this.spec,
      clock: this.#clock,
      target: this.#target(),
      started: () => set(() => (this.started = true)),
      ready: (ready) => set(() => (this.ready = ready)),
      unhealthy: (kind, output) => this.#unhealthy(kind, output),
      lost: (kind) => this.#lost(kind),
    })
  }

  #target() {
    return {
      ip: this.#sandbox.ip,
      ports: this.spec.ports ?? [],
      exec: (command: string[], signal: AbortSignal) =>
        runInContainer(this.#sandbox.host.tier, this, command, signal),
    }
  }

  #unhealthy(kind: ProbeKind, output: string): void {
    this.#owner.event('Warning', 'Unhealthy', `${kind} probe failed: ${output}`, this)
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
    if (!this.process?.alive) return Promise.resolve()
    this.#stopping ??= this.#stop(this.process, graceMs, why).finally(() => {
      this.#stopping = undefined
    })
    return this.#stopping
  }

  async #stop(child: ContainedProcess, graceMs: number, why: string): Promise<void> {
    this.#probes?.stop()
    this.#owner.event('Normal', 'Killing', why, this)
    const deadline = this.#clock.now() + graceMs
    const hook: Handler | undefined = this.spec.lifecycle?.preStop
    if (hook && graceMs > 0) {
      const failure = await Promise.race([
        runHandler(hook, this.#target()),
        this.#after(graceMs),
        child.exited,
      ])
      if (typeof failure === 'string')
        this.#owner.event('Warning', 'FailedPreStopHook', `PreStopHook failed: ${failure}`, this)
    }
    if (graceMs > 0) {
      child.signal(this.spec.lifecycle?.stopSignal ?? 'SIGTERM')
      // A hook that used up the grace still leaves two seconds to end in.
      const leftMs = Math.max(deadline - this.#clock.now(), hook ? 2000 : 0)
      const timer = this.#clock.after(leftMs, () => child.kill())
      await child.exited
      timer.cancel()
    } else {
      child.kill()
      await child.exited
    }
  }

  #after(ms: number): Promise<undefined> {
    return new Promise((resolve) => void this.#clock.after(ms, () => resolve(undefined)))
  }

  /** Ends the process at once: the pod is gone, or goes now. */
  kill(): void {
    this.#wake?.cancel()
    this.#probes?.stop()
    this.process?.kill()
  }

  #exited(child: ContainedProcess, exitCode: number): void {
    if (this.process !== child) return
    this.#probes?.stop()
    this.log?.close()
    const now = this.#clock.now()
    this.ready = false
    this.started = false
    this.state = {
      terminated: terminatedState(this.spec, {
        exitCode,
        startedMs: this.#startedMs,
        finishedMs: now,
        containerId: this.id!,
        logPath: this.logPath(this.restartCount),
      }),
    }
    this.#notBeforeMs = now + this.#crashes.failed(now - this.#startedMs)
    this.#owner.changed()
  }

  /** The pod wants a restart that has to wait: says so, as CrashLoopBackOff. */
  #backOff(leftMs: number): void {
    if (!this.state.terminated) return
    const { name, namespace, uid } = this.#owner.pod().metadata
    const pod = `${name}_${namespace}(${uid})`
    this.lastState = this.state
    const message = `back-off ${formatDelay(leftMs)} restarting failed container=${this.name} pod=${pod}`
    this.state = { waiting: { reason: 'CrashLoopBackOff', message } }
    this.#owner.event(
      'Warning',
      'BackOff',
      `Back-off restarting failed container ${this.name} in pod ${pod}`,
      this,
    )
  }

  #pullFailed(image: string, why: string): void {
    const quoted = `"${image}"`
    this.#owner.event('Normal', 'Pulling', `Pulling image ${quoted}`, this)
    this.#owner.event('Warning', 'Failed', `Failed to pull image ${quoted}: ${why}`, this)
    this.#owner.event('Warning', 'Failed', 'Error: ErrImagePull', this)
    this.state = { waiting: { reason: 'ErrImagePull', message: why } }
    const waitMs = Math.max(10_000, this.#pulls.failed(0))
    this.#notBeforeMs = this.#clock.now() + waitMs
    this.#clock.after(Math.min(1000, waitMs), () => {
      if (this.state.waiting?.reason !== 'ErrImagePull') return
      const message = `Back-off pulling image ${quoted}: ErrImagePull: ${why}`
      this.state = { waiting: { reason: 'ImagePullBackOff', message } }
      this.#owner.event('Normal', 'BackOff', `Back-off pulling image ${quoted}`, this)
      this.#owner.event('Warning', 'Failed', 'Error: ImagePullBackOff', this)
      this.#owner.changed()
    })
  }

  #configFailed(why: string): void {
    const before = this.state.waiting
    this.state = { waiting: { reason: 'CreateContainerConfigError', message: why } }
    if (before?.message !== why) this.#owner.event('Warning', 'Failed', `Error: ${why}`, this)
    this.#notBeforeMs = this.#clock.now() + 10_000
  }

  /** What the container needed may be there now: the next start need not wait. */
  retry(): void {
    if (this.state.waiting?.reason !== 'CreateContainerConfigError') return
    this.#notBeforeMs = 0
    this.#wake?.cancel()
    this.#wake = undefined
  }

  #startFailed(why: string): void {
    const now = this.#clock.now()
    const message = `failed to create containerd task: failed to create shim task: ${why}`
    this.#owner.event('Warning', 'Failed', `Error: ${message}`, this)
    if (this.ran) this.restartCount++
    this.id = `devenv://${randomBytes(32).toString('hex')}`
    const at = rfc3339(now)
    this.state = {
      terminated: {
        exitCode: 128,
        reason: 'StartError',
        message,
        startedAt: '1970-01-01T00:00:00Z',
        finishedAt: at,
        containerID: this.id,
      },
    }
    this.#notBeforeMs = now + this.#crashes.failed(0)
  }

  #createFailed(why: string): void {
    this.state = { waiting: { reason: 'CreateContainerError', message: why } }
    this.#owner.event('Warning', 'Failed', `Error: ${why}`, this)
    this.#notBeforeMs = this.#clock.now() + 10_000
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
