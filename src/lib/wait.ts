/** Waiting with a deadline that can say what it waited for. */
import type { Clock } from './clock.ts'
import { DevenvError, messageOf, type ObjectRef } from './errors.ts'

/** What a probe found: the thing itself, or why it is not there yet. */
export type Probed<T> = { done: T } | Waiting

export interface Waiting {
  /** The object's last condition, as a sentence fragment: `0/1 ready: ImagePullBackOff`. */
  waiting: string
  /** The object whose state it is. */
  about?: ObjectRef
  /** The last event about it. */
  event?: string
  /** Path of the log that has more. */
  log?: string
}

/** Without a deadline of its own a wait needs the signal of somebody who has one: a step's budget aborts it. */
export type WaitOptions = WaitTelling &
  ({ timeoutMs: number; signal?: AbortSignal } | { timeoutMs?: undefined; signal: AbortSignal })

interface WaitTelling {
  /** Pause between the end of one probe and the start of the next. */
  intervalMs?: number
  /** Told after each probe that found it not yet there: for task lists. */
  onWaiting?: (waiting: Waiting) => void
  clock?: Clock
}

// Unlike systemClock's, these timers keep the process alive: the wait is what the process is for.
const waitingClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    const handle = setTimeout(callback, ms)
    return { cancel: () => clearTimeout(handle) }
  },
}

/**
 * Probes until the probe says done, and returns what it found.
 * Throws DEADLINE, naming `what` and the last condition and event, when `timeoutMs` pass first (also when
 * the probe itself hangs), and INTERRUPTED on abort. A probe that throws a DevenvError ends the wait with
 * it; any other error counts as not yet.
 */
export async function waitFor<T>(
  what: string,
  probe: (signal: AbortSignal) => Promise<Probed<T>> | Probed<T>,
  options: WaitOptions,
): Promise<T> {
  const { timeoutMs, intervalMs = 250, signal, onWaiting, clock = waitingClock } = options
  let last: Waiting | undefined
  const stop = new AbortController()
  const interrupted = () => new DevenvError('INTERRUPTED', `interrupted while waiting for ${what}`)
  const { promise: ended, reject: end } = Promise.withResolvers<never>()
  ended.catch(() => undefined)
  const deadline =
    timeoutMs === undefined
      ? undefined
      : clock.after(timeoutMs, () => end(deadlineError(what, timeoutMs, last)))
  const onAbort = () => end(interrupted())
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    for (;;) {
      if (signal?.aborted) throw interrupted()
      const found = await Promise.race([attempt(probe, stop.signal), ended])
      if ('done' in found) return found.done
      last = found
      onWaiting?.(found)
      await Promise.race([pause(clock, intervalMs, stop.signal), ended])
    }
  } finally {
    deadline?.cancel()
    signal?.removeEventListener('abort', onAbort)
    stop.abort()
  }
}

async function attempt<T>(
  probe: (signal: AbortSignal) => Promise<Probed<T>> | Probed<T>,
  signal: AbortSignal,
): Promise<Probed<T>> {
  try {
    return await probe(signal)
  } catch (thrown) {
    if (thrown instanceof DevenvError) throw thrown
    return { waiting: messageOf(thrown) }
  }
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.after(ms, resolve)
    signal.addEventListener('abort', () => timer.cancel(), { once: true })
  })
}

function deadlineError(what: string, timeoutMs: number, last: Waiting | undefined): DevenvError {
  const seconds = timeoutMs < 10_000 ? (timeoutMs / 1000).toFixed(1) : Math.round(timeoutMs / 1000)
  const condition = last ? `: ${last.waiting}` : ': the first probe never answered'
  const event = last?.event ? ` (last event: ${last.event})` : ''
  return new DevenvError('DEADLINE', `${what} was not there after ${seconds} s${condition}${event}`, {
    ...(last?.log === undefined ? {} : { log: last.log }),
  })
}
