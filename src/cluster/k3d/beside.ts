/** Work that begins beside something else: who needs its end waits for it later, and hears what it waits for. */
import type { Waits } from '../provider.ts'

export interface Beside {
  /** Waits for its end. */
  (waits: Pick<Waits, 'waiting'>): Promise<void>
  /** Rejects as soon as it has failed, and never resolves: for those who do not need its end yet. */
  failed: Promise<never>
}

/** Starts the work at once; a failure shows to those who wait. */
export function beside(signal: AbortSignal, work: (waits: Waits) => Promise<unknown>): Beside {
  const listeners = new Set<(what: string) => void>()
  let last: string | undefined
  const waiting = (what: string) => {
    last = what
    for (const listener of listeners) listener(what)
  }
  const done = work({ signal, waiting })
  // Until somebody waits, a failure must not end the process.
  done.catch(() => undefined)
  const failed = new Promise<never>((_, reject) => done.catch(reject))
  failed.catch(() => undefined)
  return Object.assign(
    async (waits: Pick<Waits, 'waiting'>) => {
      listeners.add(waits.waiting)
      if (last !== undefined) waits.waiting(last)
      await done
    },
    { failed },
  )
}
