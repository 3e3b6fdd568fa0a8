/** A step of the demo, and what it may use: public APIs only. */
import type { KubeClient } from '../lib/kube/client.ts'
import type { LiveObjects, LiveProbe } from '../lib/kube/live.ts'
import type { BrokerAccess } from '../lib/rabbitmq.ts'
import type { RunRecord } from '../lib/record.ts'
import type { LoadOptions } from '../load/start.ts'
import type { ReleaseResult } from '../release/release.ts'
import type { Bounds } from './bounds.ts'
import type { Evidence } from './report.ts'
import type { RunningLoad } from './running-load.ts'
import type { Stack } from './stack.ts'

/** A step as data. */
export interface DemoStep {
  id: string
  title: string
  /** What the audience is told before it runs. */
  sentence: string
  /** Ids of steps that this one builds on. */
  needs: readonly string[]
  /** How long it may take; past it the step has failed. */
  budgetMs(bounds: Bounds): number
  run(context: DemoContext): Promise<Evidence>
}

/** A load as a step asks for it; the rest is the demo's business. */
export type LoadRequest = Pick<LoadOptions, 'messages' | 'rate' | 'taskMs' | 'wait' | 'via'>

/** A stage of a rotation, with the moment at which it was through. */
export interface RotationStage {
  title: string
  endMs: number
}

export interface DemoContext {
  readonly record: RunRecord
  readonly kube: KubeClient
  readonly live: LiveObjects
  readonly stack: Stack
  readonly bounds: Bounds
  /** Tags of core-api: good ones to choose from, and one whose program fails its probes. */
  readonly releases: { good: readonly string[]; bad: string }
  /** Aborts at the end of the step's budget, and on Ctrl-C. */
  readonly signal: AbortSignal
  /** What one step leaves for those that need it. */
  readonly shared: { burst?: RunningLoad }
  /** Milliseconds from the start of the demo. */
  now(): number
  /** Tells the audience, and the timeline. */
  say(text: string): void
  /** Waits until the probe over live objects is done, saying what for. */
  until<T>(probe: LiveProbe<T>): Promise<T>
  pause(ms: number): Promise<void>
  /** To be done, last one first, when the step fails; with a context that has not run out of time. */
  undo(what: string, action: (context: DemoContext) => Promise<unknown>): void
  load(request: LoadRequest): RunningLoad
  broker(): Promise<BrokerAccess>
  release(tag: string): Promise<ReleaseResult>
  /** Gives the broker's user a new password: Vault, broker, Secrets, pods. */
  rotateBroker(): Promise<RotationStage[]>
}
