/** A load beside a step: how it stands, a wait on it, an end to its messages. */
import { messageOf } from '../lib/errors.ts'
import type { LoadOutcome, LoadView } from '../load/run.ts'

export interface RunningLoad {
  /** How it stood a second ago at most; undefined before it began. */
  readonly view: LoadView | undefined
  /** Resolves with the first view that fits; rejects when the load ends before, or the signal aborts. */
  until(what: string, fits: (view: LoadView) => boolean, signal: AbortSignal): Promise<LoadView>
  /** No more messages; resolves when those that went out are settled. */
  finish(): Promise<LoadOutcome>
  /** Resolves when the load is over by itself. */
  readonly outcome: Promise<LoadOutcome>
  /** Ends it at once, whatever is under way. */
  cancel(): void
}

export interface LoadSignals {
  /** Ends it at once. */
  signal: AbortSignal
  /** Ends its messages. */
  enough: AbortSignal
  onTick(view: LoadView): void
}

/** Starts the load. */
export function runningLoad(start: (signals: LoadSignals) => Promise<LoadOutcome>): RunningLoad {
  const cancelled = new AbortController()
  const enough = new AbortController()
  const listeners = new Set<(view: LoadView) => void>()
  let last: LoadView | undefined
  const outcome = start({
    signal: cancelled.signal,
    enough: enough.signal,
    onTick(view) {
      last = view
      for (const listener of [...listeners]) listener(view)
    },
  })
  // A step that fails does not look at it any more.
  outcome.catch(() => undefined)
  return {
    get view() {
      return last
    },
    outcome,
    cancel: () => cancelled.abort(),
    finish() {
      enough.abort()
      return outcome
    },
    until(what, fits, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<LoadView>()
      const look = (view: LoadView) => {
        if (fits(view)) resolve(view)
      }
      const abort = () => reject(signal.reason)
      listeners.add(look)
      signal.addEventListener('abort', abort, { once: true })
      if (signal.aborted) abort()
      if (last) look(last)
      const early = (why: string) => reject(new Error(`the load ended before ${what}${why}`))
      outcome.then(
        ({ failure }) => early(failure ? `: ${failure.message}` : ''),
        (thrown) => early(`: ${messageOf(thrown)}`),
      )
      return promise.finally(() => {
        listeners.delete(look)
        signal.removeEventListener('abort', abort)
      })
    },
  }
}
