/** Lets waiters through while a condition holds. */

export class Gate {
  readonly #isOpen: () => boolean
  #waiting: (() => void)[] = []

  constructor(isOpen: () => boolean) {
    this.#isOpen = isOpen
  }

  /** Resolves once the condition holds; at once when it does now. Rejects with the signal's reason. */
  async pass(signal: AbortSignal): Promise<void> {
    while (!this.#isOpen()) {
      signal.throwIfAborted()
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#waiting.push(resolve)
      const abort = () => resolve()
      signal.addEventListener('abort', abort, { once: true })
      await promise
      // A run passes here a million times with one signal: listeners must not pile up.
      signal.removeEventListener('abort', abort)
    }
    signal.throwIfAborted()
  }

  /** Something changed: those who wait look again. */
  changed(): void {
    if (this.#waiting.length === 0 || !this.#isOpen()) return
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}
