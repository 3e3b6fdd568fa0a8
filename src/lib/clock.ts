/** Time as a parameter: controllers take a Clock, so that a 300 s cooldown is tested in milliseconds. */

export interface Timer {
  cancel(): void
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Runs `callback` once, `ms` milliseconds from now. */
  after(ms: number, callback: () => void): Timer
}

/** The machine's own time. Timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    const handle = setTimeout(callback, ms)
    handle.unref()
    return { cancel: () => clearTimeout(handle) }
  },
}

const BEATS_MS = [2000, 1000]

/**
 * Milliseconds to wait instead of `ms`: until the full second (the full even one, when `ms` is that many) that
 * is nearest to then. Loops whose phase is nobody's business share their wake-ups in this way (timer slack):
 * an idle process pays for waking up, hardly for the work. Other waits are left as they are.
 */
export function untilBeat(nowMs: number, ms: number): number {
  const beat = BEATS_MS.find((candidate) => ms > 0 && ms % candidate === 0)
  return beat === undefined ? ms : Math.round((nowMs + ms) / beat) * beat - nowMs
}

/** A clock that moves only when told to: `advance` runs every timer that falls due, in order. */
export class FakeClock implements Clock {
  #now: number
  #timers: { at: number; order: number; callback: () => void }[] = []
  #order = 0

  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.#now = startMs
  }

  now(): number {
    return this.#now
  }

  after(ms: number, callback: () => void): Timer {
    const timer = { at: this.#now + Math.max(0, ms), order: this.#order++, callback }
    this.#timers.push(timer)
    return {
      cancel: () => {
        this.#timers = this.#timers.filter((other) => other !== timer)
      },
    }
  }

  /** Moves time forward by `ms`, yielding to pending promises after each timer. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    await settle()
    for (;;) {
      const due = this.#timers.filter((t) => t.at <= end).sort((a, b) => a.at - b.at || a.order - b.order)[0]
      if (!due) break
      this.#timers = this.#timers.filter((other) => other !== due)
      this.#now = Math.max(this.#now, due.at)
      due.callback()
      await settle()
    }
    this.#now = end
    await settle()
  }
}

/** Lets everything that is already runnable run: a few turns of the event loop. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** RFC 3339 in UTC with whole seconds, as metav1.Time is written. */
export function rfc3339(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z')
}

/** RFC 3339 with six digits, as metav1.MicroTime is written. */
export function rfc3339Micro(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z')
}
