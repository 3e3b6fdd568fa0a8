/** A pod that has just started serves before it is connected: its first requests wait for that, and do not fail. */

const LOOK_MS = 25

export interface WarmUp {
  /** Whether `ready` has ever been true: a connection that is lost later does not take this back. */
  connectedOnce(): boolean
  /**
   * Resolves at once from the first moment at which `ready` was true, and before that when it becomes true or the
   * time has passed. A connection that is lost later is an error like any other.
   */
  wait(): Promise<void>
}

/** `ready` tells whether all that a request needs is connected now; `mostMs` from here on is how long requests wait. */
export function warmUp(ready: () => boolean, mostMs: number): WarmUp {
  const began = performance.now()
  let connected = false
  const connectedOnce = () => {
    connected ||= ready()
    return connected
  }
  return {
    connectedOnce,
    async wait() {
      while (!connectedOnce() && performance.now() - began < mostMs)
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    },
  }
}
