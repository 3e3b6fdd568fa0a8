/** What time it is for an API server: in a virtual machine that slept its clock may be hours behind this machine's. */

/** The Date header has whole seconds. */
const GRAIN_MS = 1000

/** Times that the server writes, or is given, are compared and made by this clock. */
export class ServerClock {
  #aheadMs = 0

  /** Takes in the Date header of an answer to a request of that moment. Less than what is certain is not believed. */
  observe(date: string | undefined, sentMs: number, receivedMs: number): void {
    const from = Date.parse(date ?? '')
    if (Number.isNaN(from)) return
    const to = from + GRAIN_MS
    this.#aheadMs = from > receivedMs ? from - receivedMs : to < sentMs ? to - sentMs : 0
  }

  /** How far it is before this machine's clock, in milliseconds; negative for one that is behind, 0 while nothing is known. */
  get aheadMs(): number {
    return this.#aheadMs
  }

  /** A moment of this machine, in milliseconds since the epoch, as the server tells it. */
  of(localMs: number): number {
    return localMs + this.#aheadMs
  }

  now(): number {
    return this.of(Date.now())
  }
}
