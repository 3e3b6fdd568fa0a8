/** A pod that has just started serves before it is connected: its first requests wait for that, and do not fail. */

const LOOK_MS = 25

/**
 * Answers a function that resolves at once from the first moment at which `ready` was true, and before that when it
 * becomes true or `mostMs` have passed since the start. A connection that is lost later is an error like any other.
 */
export function warmUp(ready: () => boolean, mostMs: number): () => Promise<void> {
  const began = performance.now()
  let warm = false
  return async () => {
    while (!warm && !ready() && performance.now() - began < mostMs)
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    warm = true
  }
}
