/** Runs a load: publishes on schedule, books every confirm and answer, waits for drain and rest. */

import type { Clock } from '../lib/clock.ts'
import { DevenvError, messageOf } from '../lib/errors.ts'
import { QueueAccount } from './account.ts'
import type { Arrivals } from './arrivals.ts'
import { ConnectionLog } from './connection-log.ts'
import { allAnswered, answersAreLost, waitingFor } from './drain.ts'
import { Generator } from './generator.ts'
import type { TaskQueue } from './queues.ts'
import type { Replicas } from './replicas.ts'
import type { LoadReport } from './report.ts'
import { RunTime, steadyClock } from './run-time.ts'
import { columnsOf, type QueueSample, Sampler } from './sampler.ts'
import { Schedule } from './schedule.ts'
import type { LoadTarget, OpenTarget, TargetEvents } from './target.ts'
import type { Timeline } from './timeline.ts'
import { TimelineRecorder } from './timeline-recorder.ts'

export interface LoadPlan {
  queues: readonly {
    queue: TaskQueue
    messages: number
    /** Due times of at least so many messages. */
    arrivals: Arrivals
    /** Where its worker rests. */
    floor: number
  }[]
  /** Until every answer is in and the workers are back at their floor. */
  wait: boolean
  timeoutMs: number
  /** Without any answer for this long, with nothing left at the broker, missing answers are lost. */
  silenceMs: number
  /** How the report describes the run. */
  about: Pick<LoadReport, 'profile' | 'generator' | 'via'>
}

/** The run as it stands, once a second and at the end. */
export interface LoadView {
  queues: readonly QueueSample[]
  atMs: number
  /** What is wrong or waited for; empty when nothing is. */
  note: string
  /** What was recorded so far. */
  recorder: Pick<TimelineRecorder, 'values'>
}

export interface LoadPorts {
  openTarget: OpenTarget
  /** Tells every change of a worker's replicas until the signal aborts; `queue` is the place in the plan. */
  followReplicas: (changed: (queue: number, replicas: Replicas) => void, signal: AbortSignal) => Promise<void>
  onTick: (view: LoadView) => void
  signal: AbortSignal
  /** When it aborts no more messages go out; those that did are waited for as ever. */
  enough?: AbortSignal
  clock?: Clock
}

export interface LoadOutcome {
  report: LoadReport
  timeline: Timeline
  /** Why the run ended before it was through: DEADLINE or INTERRUPTED. */
  failure?: DevenvError
}

const TICK_MS = 1_000
const CHECK_MS = 50

/** Runs to the end, the deadline or the interruption; there is a report in every case. */
export async function runLoad(plan: LoadPlan, ports: LoadPorts): Promise<LoadOutcome> {
  return new LoadRun(plan, ports).toEnd()
}

class LoadRun {
  readonly #plan: LoadPlan
  readonly #ports: LoadPorts
  readonly #clock: Clock
  readonly #time: RunTime
  readonly #accounts: readonly QueueAccount[]
  readonly #recorder: TimelineRecorder
  readonly #connection: ConnectionLog
  readonly #sampler: Sampler
  readonly #over = new AbortController()
  #target!: LoadTarget
  #generator!: Generator
  #strays = 0
  #endedMs: number | undefined

  constructor(plan: LoadPlan, ports: LoadPorts) {
    this.#plan = plan
    this.#ports = ports
    this.#clock = ports.clock ?? steadyClock
    this.#time = new RunTime(this.#clock)
    this.#accounts = plan.queues.map(({ queue, messages, floor }) => new QueueAccount(queue, messages, floor))
    this.#recorder = new TimelineRecorder(columnsOf(this.#accounts), TICK_MS)
    this.#connection = new ConnectionLog(this.#time, this.#recorder)
    this.#sampler = new Sampler(this.#accounts, this.#time, this.#recorder)
  }

  async toEnd(): Promise<LoadOutcome> {
    this.#target = await this.#ports.openTarget(this.#events())
    const { signal } = this.#over
    const schedule = new Schedule(
      this.#plan.queues.map(({ messages, arrivals }) => ({ size: messages, arrivals })),
    )
    this.#generator = new Generator(this.#accounts, schedule, this.#target, this.#time, signal)
    const interrupt = () => this.#end(new DevenvError('INTERRUPTED', 'the load was interrupted'))
    this.#ports.signal.addEventListener('abort', interrupt, { once: true })
    if (this.#ports.signal.aborted) interrupt()
    const deadline = this.#clock.after(this.#plan.timeoutMs, () => this.#end(this.#deadlineError()))
    const following = this.#follow(signal)
    const ticking = this.#tick()
    let failure: DevenvError | undefined
    try {
      await this.#generator.publishAll(this.#ports.enough)
      this.#event('load', 'everything is published')
      await this.#settle()
    } catch (thrown) {
      if (!(thrown instanceof DevenvError)) throw thrown
      failure = thrown
    } finally {
      this.#endedMs = this.#time.now()
      deadline.cancel()
      this.#ports.signal.removeEventListener('abort', interrupt)
      this.#end(undefined)
      await Promise.all([ticking, following])
      await this.#target.close().catch(() => undefined)
    }
    return {
      report: this.#report(this.#plan.wait && failure === undefined),
      timeline: this.#recorder.toTimeline(this.#time.startedAt),
      ...(failure ? { failure } : {}),
    }
  }

  #events(): TargetEvents {
    return {
      confirmed: (queue, index) => this.#accounts[queue]?.confirm(index, this.#time.now()),
      returned: (queue, index) => this.#accounts[queue]?.ledger.return(index),
      failed: (queue, index, why) => this.#accounts[queue]?.fail(index, why),
      replied: (queue, index, reply) => this.#accounts[queue]?.reply(index, this.#time.now(), reply),
      stray: () => this.#strays++,
      disconnected: (reason) => this.#connection.disconnected(reason),
      reconnected: () => {
        this.#connection.reconnected()
        this.#generator.reconnected()
      },
      blocked: (reason) => this.#connection.blocked(reason),
      unblocked: () => this.#connection.unblocked(),
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    try {
      await this.#ports.followReplicas((queue, replicas) => this.#observe(queue, replicas), signal)
    } catch (thrown) {
      // Without the replicas there is nothing to wait for.
      const message = `the workers cannot be followed: ${messageOf(thrown)}`
      this.#end(new DevenvError('STEP_FAILED', message, { cause: thrown }))
    }
  }

  #observe(place: number, replicas: Replicas): void {
    const account = this.#accounts[place]
    if (!account) return
    const { ready, desired } = account.replicas.now
    account.replicas.observe(this.#time.now(), replicas)
    if (!this.#time.isStarted) return
    if (desired !== replicas.desired)
      this.#event(account.queue.name, `${replicas.desired} replicas asked for`)
    if (ready !== replicas.ready) this.#event(account.queue.name, `${replicas.ready} replicas ready`)
  }

  /** With `wait` until answered and at rest, or until the missing answers are lost; without until confirmed. */
  async #settle(): Promise<void> {
    const { wait, silenceMs } = this.#plan
    for (;;) {
      await this.#generator.resendUnconfirmed()
      if (this.#isThrough()) return
      if (wait && answersAreLost(this.#accounts, this.#sampler.brokerState, this.#time.now(), silenceMs))
        return
      await this.#time.pause(CHECK_MS, this.#over.signal)
    }
  }

  #isThrough(): boolean {
    if (this.#plan.wait) return allAnswered(this.#accounts) && waitingFor(this.#accounts) === undefined
    return this.#accounts.every(({ ledger }) => ledger.unsettled === 0)
  }

  /** Looks at the broker, keeps the timeline and tells the display, once a second until the run is over. */
  async #tick(): Promise<void> {
    while (!this.#over.signal.aborted) {
      await this.#sampler.look(this.#target)
      this.#show()
      await this.#time.pause(untilTick(this.#time.now()), this.#over.signal).catch(() => undefined)
    }
    this.#show()
  }

  #show(): void {
    this.#sampler.record()
    const note = this.#connection.note || this.#restNote()
    this.#ports.onTick({
      queues: this.#sampler.samples,
      atMs: this.#time.now(),
      note,
      recorder: this.#recorder,
    })
  }

  /** The figures themselves say which answers are missing; that only the workers are left is worth a word. */
  #restNote(): string {
    const only = this.#plan.wait && allAnswered(this.#accounts) && waitingFor(this.#accounts) !== undefined
    return only ? 'waiting for the workers to go back to rest' : ''
  }

  #report(final: boolean): LoadReport {
    const reports = this.#accounts.map((account) => [account.queue.name, account.report(final)] as const)
    return {
      apiVersion: 'devenv/v1',
      kind: 'LoadReport',
      queues: Object.fromEntries(reports),
      durationMs: Math.round(this.#endedMs ?? this.#time.now()),
      ...this.#plan.about,
      reconnects: this.#connection.reconnects,
      blocked: this.#connection.blockedReport,
      strays: this.#strays,
      waited: this.#plan.wait,
    }
  }

  #deadlineError(): DevenvError {
    const seconds = Math.round(this.#plan.timeoutMs / 1000)
    const waiting = waitingFor(this.#accounts)
    const what =
      this.#connection.note || (waiting ? `waiting for ${waiting}` : 'waiting for the broker to confirm')
    return new DevenvError('DEADLINE', `the load was not through after ${seconds} s: ${what}`, {
      fix: 'npm run status says why a worker has the replicas it has; --timeout waits longer.',
    })
  }

  #event(subject: string, text: string): void {
    this.#recorder.event(this.#time.now(), subject, text)
  }

  /** Ends every pause and wait of the run with this reason; the first one counts. */
  #end(reason: unknown): void {
    if (!this.#over.signal.aborted) this.#over.abort(reason)
  }
}

/** To the next whole second of the run, so that a slow look does not stretch the intervals. */
function untilTick(nowMs: number): number {
  const left = TICK_MS - (nowMs % TICK_MS)
  // A timer may be a little early.
  return left < TICK_MS / 4 ? left + TICK_MS : left
}
