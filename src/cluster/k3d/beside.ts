/** Work that begins beside something else: who needs its end waits for it later, and hears what it waits for. */
import type { Waits } from '../provider.ts'

/** Starts the work at once; a failure shows to those who wait. */
export function beside(
  signal: AbortSignal,
  work: (waits: Waits) => Promise<unknown>,
): (waits: Pick<Waits, 'waiting'>) => Promise<void> {
  const listeners = new Set<(what: string) => void>()
  let last: string | undefined
  const waiting = (what: string) => {
    last = what
    for (const listener of listeners) listener(what)
  }
  const done = work({ signal, waiting })
  // Until somebody waits, a failure must not end the process.
  done.catch(() => undefined)
  return async (waits) => {
    listeners.add(waits.waiting)
    if (last !== undefined) waits.waiting(last)
    await done
  }
}
