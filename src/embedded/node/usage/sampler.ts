/** Resource usage as metrics-server sees it: a sample every 15 s, rates over the window between two. */
import { type Clock, type Timer, untilBeat } from '../../../lib/clock.ts'
import type { PodUsage } from '../agent.ts'
import { readProcesses, type TreeUsage, treeUsage } from './process-table.ts'

const WINDOW_MS = 15_000

/** A running container: `run` tells one process of it from the next. */
export interface Target {
  namespace: string
  pod: string
  container: string
  run: string
  rootPid: number
}

interface Sample extends TreeUsage {
  atMs: number
}

export class UsageSampler implements Disposable {
  readonly #clock: Clock
  readonly #targets: () => Target[]
  #samples = new Map<string, Sample>()
  #usage: PodUsage[] = []
  #timer: Timer | undefined
  #stopped = false

  constructor(clock: Clock, targets: () => Target[]) {
    this.#clock = clock
    this.#targets = targets
    this.#schedule()
  }

  /** The rates of the last window: nothing for what has not run through one. */
  usage(): PodUsage[] {
    return this.#usage
  }

  #schedule(): void {
    this.#timer = this.#clock.after(
      untilBeat(this.#clock.now(), WINDOW_MS),
      () => void this.sample().finally(() => this.#stopped || this.#schedule()),
    )
  }

  /** Takes one sample now. */
  async sample(): Promise<void> {
    const targets = this.#targets()
    const samples = new Map<string, Sample>()
    const pods = new Map<string, PodUsage>()
    const processes = targets.length > 0 ? await readProcesses() : new Map()
    const nowMs = this.#clock.now()
    for (const target of targets) {
      const sample = { ...treeUsage(processes, target.rootPid), atMs: nowMs }
      samples.set(target.run, sample)
      const before = this.#samples.get(target.run)
      if (!before || nowMs <= before.atMs) continue
      const windowMs = nowMs - before.atMs
      const key = `${target.namespace}/${target.pod}`
      const pod = pods.get(key) ?? {
        namespace: target.namespace,
        name: target.pod,
        timestampMs: nowMs,
        windowMs,
        containers: [],
      }
      pods.set(key, pod)
      pod.containers.push({
        name: target.container,
        // A rate in cores, times 1e9. A tree that lost a process between two samples counts as idle.
        cpuNanocores: Math.round((Math.max(0, sample.cpuMs - before.cpuMs) / windowMs) * 1e9),
        memoryBytes: sample.rssBytes,
      })
    }
    this.#samples = samples
    this.#usage = [...pods.values()]
  }

  [Symbol.dispose](): void {
    this.#stopped = true
    this.#timer?.cancel()
  }
}
