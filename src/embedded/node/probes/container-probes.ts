/** A running container's probes: startup first, then liveness and readiness side by side. */
import type { Clock } from '../../../lib/clock.ts'
import { type CheckTarget, check } from './check.ts'
import { ProbeLoop } from './probe-loop.ts'

export type ProbeKind = 'Startup' | 'Liveness' | 'Readiness'

const EAGER = { Startup: 'always', Readiness: 'first period', Liveness: 'never' } as const

export interface ContainerProbesOptions {
  container: any
  target: CheckTarget
  clock: Clock
  /** The container counts as started. */
  started: () => void
  ready: (ready: boolean) => void
  /** A run failed; the caller writes the Unhealthy event. */
  unhealthy: (kind: ProbeKind, output: string) => void
  /** Startup or liveness is lost: the container has to be restarted. */
  lost: (kind: 'Startup' | 'Liveness') => void
}

export class ContainerProbes {
  readonly #options: ContainerProbesOptions
  readonly #loops: ProbeLoop[] = []
  #started = false

  constructor(options: ContainerProbesOptions) {
    this.#options = options
    const { startupProbe } = options.container
    if (startupProbe) this.#loop('Startup', startupProbe)
    else this.#begin()
  }

  stop(): void {
    for (const loop of this.#loops) loop.stop()
  }

  #begin(): void {
    if (this.#started) return
    this.#started = true
    const { container, started, ready } = this.#options
    started()
    if (container.readinessProbe) this.#loop('Readiness', container.readinessProbe)
    else ready(true)
    if (container.livenessProbe) this.#loop('Liveness', container.livenessProbe)
  }

  #loop(kind: ProbeKind, probe: any): void {
    const { clock, target, unhealthy } = this.#options
    const loop = new ProbeLoop({
      probe,
      clock,
      check: () => check(probe, target),
      failed: (output) => unhealthy(kind, output),
      verdict: (passed) => this.#verdict(kind, passed, loop),
      eager: EAGER[kind],
    })
    this.#loops.push(loop)
  }

  #verdict(kind: ProbeKind, passed: boolean, loop: ProbeLoop): void {
    if (kind === 'Readiness') {
      this.#options.ready(passed)
      return
    }
    if (kind === 'Startup' && passed) {
      loop.stop()
      this.#begin()
    } else if (!passed) {
      this.stop()
      this.#options.lost(kind)
    }
  }
}
