/** The page's load: one at a time, with its progress and its verdict. */
import { DevenvError, toDevenvError } from '../lib/errors.ts'
import type { RunRecord } from '../lib/record.ts'
import { progressObject } from '../load/progress.ts'
import { type LoadReport, totalLost } from '../load/report.ts'
import type { LoadOutcome, LoadPorts } from '../load/run.ts'
import type { LoadOptions } from '../load/start.ts'

export interface LoadRequest {
  queue: string
  messages: number
  taskMs?: number
}

export interface LoadState {
  phase: 'idle' | 'running' | 'done'
  asked?: LoadRequest
  /** As `load --json` prints it. */
  progress?: object
  verdict?: { passed: boolean; text: string; report?: LoadReport }
}

type Start = (
  record: RunRecord,
  options: LoadOptions,
  ports: Pick<LoadPorts, 'onTick' | 'signal'>,
) => Promise<LoadOutcome>

export class LoadDesk implements AsyncDisposable {
  readonly #checkout: string
  readonly #start: Start
  readonly #listeners = new Set<(state: LoadState) => void>()
  #state: LoadState = { phase: 'idle' }
  #stop: AbortController | undefined
  #running: Promise<void> | undefined

  /** `checkout` has seeds/; `start` is startLoad, unless a test has another. */
  constructor(checkout: string, start: Start = startLoad) {
    this.#checkout = checkout
    this.#start = start
  }

  /** Tells the state now and at every change; the answer ends it. */
  watch(listener: (state: LoadState) => void): () => void {
    this.#listeners.add(listener)
    listener(this.#state)
    return () => this.#listeners.delete(listener)
  }

  /** Begins a load and returns at once. BUSY while there is one. */
  begin(record: RunRecord, asked: LoadRequest): void {
    if (this.#state.phase === 'running') throw new DevenvError('BUSY', 'a load is running already')
    this.#stop = new AbortController()
    this.#set({ phase: 'running', asked })
    this.#running = this.#run(record, asked, this.#stop.signal)
  }

  /** Ends the load that is running, if there is one; its verdict follows. */
  end(): void {
    this.#stop?.abort()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.end()
    await this.#running
  }

  async #run(record: RunRecord, asked: LoadRequest, signal: AbortSignal): Promise<void> {
    try {
      const outcome = await this.#start(
        record,
        { ...asked, via: 'amqp', wait: true, requestTimeoutMs: 60_000, checkout: this.#checkout },
        { onTick: (view) => this.#set({ phase: 'running', asked, progress: progressObject(view) }), signal },
      )
      this.#set({ ...this.#state, phase: 'done', verdict: verdictOf(outcome) })
    } catch (thrown) {
      const { message, fix } = toDevenvError(thrown)
      this.#set({
        ...this.#state,
        phase: 'done',
        verdict: { passed: false, text: fix ? `${message}. ${fix}` : message },
      })
    }
  }

  #set(state: LoadState): void {
    this.#state = state
    for (const listener of this.#listeners) listener(state)
  }
}

/** Passed when it ran to its end and lost nothing. */
export function verdictOf({
  report,
  failure,
}: Pick<LoadOutcome, 'report' | 'failure'>): NonNullable<LoadState['verdict']> {
  const queues = Object.values(report.queues)
  const sum = (field: 'published' | 'replied' | 'duplicates') =>
    queues.reduce((all, queue) => all + queue[field], 0)
  const lost = totalLost(report)
  const peak = Math.max(0, ...queues.map(({ replicas }) => replicas.peak))
  const counts = `${sum('published')} sent, ${sum('replied')} answered, ${lost} lost, ${sum('duplicates')} answered twice; at most ${peak} replicas`
  if (failure) return { passed: false, text: `${failure.message}: ${counts}`, report }
  return { passed: lost === 0, text: counts, report }
}

/** Loaded on first use: nobody may ever press the button. */
const startLoad: Start = async (...given) => (await import('../load/start.ts')).startLoad(...given)
