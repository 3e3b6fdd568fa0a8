/** Saving a changing state: one write at a time, and the next one serves everybody who asked meanwhile. */

/**
 * Wraps `write` so that calls during a write share the one after it. Each call resolves once a write that
 * began after the call has ended, and rejects with that write's error.
 */
export function sharedSaver(write: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> = Promise.resolve()
  let next: Promise<void> | undefined
  return () => {
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined
        running = write()
        return running
      })
    return next
  }
}
