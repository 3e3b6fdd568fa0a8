/** Runs a load: publishes on schedule, books every confirm and answer, waits for drain and rest. */
import { type Clock, systemClock } from '../lib/clock.ts'
import { DevenvError, messageOf } from '../lib/errors.ts'
import type { BrokerEvents, OpenBroker, TaskBroker } from './broker.ts'
import { allAnswered, answersAreLost, type BrokerState, waitingFor } from './drain.ts'
import { dueMs, type Profile } from './profile.ts'
import type { TaskQueue } from './queues.ts'
import type { Replicas } from './replicas.ts'
import { type LoadReport, QueueAccount } from './report.ts'
import { type TimelineRow, timelineRow } from './timeline.ts'

export interface LoadPlan {
  queues: readonly { queue: TaskQueue; messages: number; floor: number }[]
  /** When the messages of each queue are due; the queues run side by side. */
  profile: Profile
  /** Until every answer is in and the workers are back at their floor. */
  wait: boolean
  timeoutMs: number
}

export interface LoadPorts {
  openBroker: OpenBroker
  /** Tells every change of a worker's replicas until the signal aborts; `queue` is the place in the plan. */
  followReplicas: (changed: (queue: number, replicas: Replicas) => void, signal: AbortSignal) => Promise<void>
  /** Called once a second, and at the end; `note` says what is wrong or waited for. */
  onTick: (accounts: readonly QueueAccount[], atMs: number, note: string) => void
  signal: AbortSignal
  clock?: Clock
}

export interface LoadOutcome {
  report: LoadReport
  timeline: TimelineRow[]
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
  readonly #accounts: QueueAccount[]
  readonly #timeline: TimelineRow[] = []
  readonly #over = new AbortController()
  #broker!: TaskBroker
  #brokerState: BrokerState = { remaining: undefined, sinceMs: 0 }
  #startedAt: number | undefined
  #reconnects = 0
  #resend = false
  #connectionNote = ''

  constructor(plan: LoadPlan, ports: LoadPorts) {
    this.#plan = plan
    this.#ports = ports
    this.#clock = ports.clock ?? systemClock
    this.#accounts = plan.queues.map(({ queue, messages, floor }) => new QueueAccount(queue, messages, floor))
  }

  async toEnd(): Promise<LoadOutcome> {
    this.#broker = await this.#ports.openBroker(this.#events())
    const { signal } = this.#over
    const interrupt = () => this.#end(new DevenvError('INTERRUPTED', 'the load was interrupted'))
    this.#ports.signal.addEventListener('abort', interrupt, { once: true })
    if (this.#ports.signal.aborted) interrupt()
    const deadline = this.#clock.after(this.#plan.timeoutMs, () => this.#end(this.#deadlineError()))
    const observe = (queue: number, replicas: Replicas) =>
      this.#accounts[queue]?.replicas.observe(this.#now(), replicas)
    const following = this.#ports.followReplicas(observe, signal).catch((thrown: unknown) => {
      // Without the replicas there is nothing to wait for.
      this.#end(
        new DevenvError('STEP_FAILED', `the workers cannot be followed: ${messageOf(thrown)}`, {
          cause: thrown,
        }),
      )
    })
    const ticking = this.#tick()
    let failure: DevenvError | undefined
    try {
      await this.#publishAll()
      await this.#settle()
    } catch (thrown) {
      if (!(thrown instanceof DevenvError)) throw thrown
      failure = thrown
    } finally {
      deadline.cancel()
      this.#ports.signal.removeEventListener('abort', interrupt)
      this.#end(undefined)
      await Promise.all([ticking, following])
      await this.#broker.close().catch(() => undefined)
    }
    return {
      report: this.#report(this.#plan.wait && failure === undefined),
      timeline: this.#timeline,
      ...(failure ? { failure } : {}),
    }
  }

  #events(): BrokerEvents {
    return {
      confirmed: ({ queue, index }) => this.#accounts[queue]?.ledger.confirm(index),
      refused: ({ queue, index }) => this.#accounts[queue]?.ledger.refuse(index),
      replied: (id, failed, redelivered) => {
        if (id) this.#accounts[id.queue]?.reply(id.index, this.#now(), failed, redelivered)
      },
      disconnected: (reason) => {
        this.#connectionNote = `connection to the broker lost (${reason}), trying again`
      },
      reconnected: () => {
        this.#connectionNote = ''
        this.#reconnects++
        this.#resend = true
      },
    }
  }

  async #publishAll(): Promise<void> {
    const { profile } = this.#plan
    const most = Math.max(...this.#accounts.map(({ ledger }) => ledger.size))
    for (let index = 0; index < most; index++) {
      const due = dueMs(profile, index)
      while (this.#now() < due) {
        await this.#resendUnconfirmed()
        await this.#pause(Math.min(CHECK_MS, due - this.#now()))
      }
      for (const [queue, { ledger }] of this.#accounts.entries()) {
        if (index >= ledger.size) continue
        await this.#resendUnconfirmed()
        await this.#broker.room(this.#over.signal)
        this.#startedAt ??= this.#clock.now()
        ledger.publish(index, due)
        this.#broker.send({ queue, index })
      }
    }
  }

  /** After a lost connection nobody knows whether the broker has them: twice is counted, lost is not allowed. */
  async #resendUnconfirmed(): Promise<void> {
    while (this.#resend) {
      this.#resend = false
      for (const [queue, { ledger }] of this.#accounts.entries()) {
        for (const index of ledger.unconfirmed()) {
          await this.#broker.room(this.#over.signal)
          if (this.#resend) break
          this.#broker.send({ queue, index })
        }
      }
    }
  }

  /** With `wait` until answered and at rest, or until the missing answers are lost; without until confirmed. */
  async #settle(): Promise<void> {
    for (;;) {
      await this.#resendUnconfirmed()
      if (this.#isThrough()) return
      if (this.#plan.wait && answersAreLost(this.#accounts, this.#brokerState, this.#now())) return
      await this.#pause(CHECK_MS)
    }
  }

  #isThrough(): boolean {
    if (this.#plan.wait) return allAnswered(this.#accounts) && waitingFor(this.#accounts) === undefined
    return this.#accounts.every(({ ledger }) => ledger.unsettled === 0)
  }

  /** Looks at the broker, keeps the timeline and tells the display, once a second until the run is over. */
  async #tick(): Promise<void> {
    while (!this.#over.signal.aborted) {
      await this.#look()
      this.#record()
      await this.#pause(TICK_MS).catch(() => undefined)
    }
    this.#record()
  }

  async #look(): Promise<void> {
    const depths = await Promise.all(this.#accounts.map((_account, queue) => this.#broker.depth(queue)))
    const unacked = await this.#broker.unacked()
    for (const [queue, account] of this.#accounts.entries()) account.depth = depths[queue] ?? account.depth
    const known = unacked !== undefined && depths.every((depth) => depth !== undefined)
    const remaining = known ? depths.reduce((sum, depth) => sum + depth, unacked) : undefined
    if (remaining !== this.#brokerState.remaining) this.#brokerState = { remaining, sinceMs: this.#now() }
  }

  #record(): void {
    const atMs = this.#now()
    for (const account of this.#accounts) this.#timeline.push(timelineRow(account, atMs))
    this.#ports.onTick(this.#accounts, atMs, this.#connectionNote || this.#restNote())
  }

  /** The figures themselves say which answers are missing; that only the workers are left is worth a word. */
  #restNote(): string {
    const only = this.#plan.wait && allAnswered(this.#accounts) && waitingFor(this.#accounts) !== undefined
    return only ? 'waiting for the workers to go back to rest' : ''
  }

  #waiting(): string {
    const what = waitingFor(this.#accounts)
    return what === undefined ? '' : `waiting for ${what}`
  }

  #report(final: boolean): LoadReport {
    const reports = this.#accounts.map((account) => [account.queue.name, account.report(final)] as const)
    return {
      apiVersion: 'devenv/v1',
      kind: 'LoadReport',
      queues: Object.fromEntries(reports),
      durationMs: Math.round(this.#now()),
      profile: this.#plan.profile.name,
      reconnects: this.#reconnects,
      waited: this.#plan.wait,
    }
  }

  #deadlineError(): DevenvError {
    const seconds = Math.round(this.#plan.timeoutMs / 1000)
    const what = this.#connectionNote || this.#waiting() || 'waiting for the broker to confirm'
    return new DevenvError('DEADLINE', `the load was not through after ${seconds} s: ${what}`, {
      fix: 'npm run status says why a worker has the replicas it has; --timeout waits longer.',
    })
  }

  /** Ends every pause and wait of the run with this reason; the first one counts. */
  #end(reason: unknown): void {
    if (!this.#over.signal.aborted) this.#over.abort(reason)
  }

  /** Milliseconds since the first publish, 0 before it. */
  #now(): number {
    return this.#startedAt === undefined ? 0 : this.#clock.now() - this.#startedAt
  }

  async #pause(ms: number): Promise<void> {
    const { signal } = this.#over
    signal.throwIfAborted()
    await new Promise<void>((resolve) => {
      const wake = () => {
        timer.cancel()
        signal.removeEventListener('abort', wake)
        resolve()
      }
      const timer = this.#clock.after(ms, wake)
      signal.addEventListener('abort', wake, { once: true })
    })
    signal.throwIfAborted()
  }
}
