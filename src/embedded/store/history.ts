/** What happened lately: lets a watch resume, and a list of the past be made. */
import type { KubeObject } from '../objects.ts'

export interface StoreEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  bucket: string
  /** For DELETED: the last state, with the resourceVersion of the deletion. */
  object: KubeObject
  previous?: KubeObject
  revision: number
}

// The real cache keeps at least 75 s and etcd five minutes; both bounds keep memory in check.
const KEEP_MS = 5 * 60_000
const KEEP_AT_LEAST = 1024
const KEEP_AT_MOST = 4096

/** The latest events of all types, oldest first. */
export class History {
  #entries: { at: number; event: StoreEvent }[] = []
  #start: number

  /** `revision`: the one before the first event to come. */
  constructor(revision: number) {
    this.#start = revision
  }

  add(event: StoreEvent, nowMs: number): void {
    this.#entries.push({ at: nowMs, event })
    // Trimming in blocks keeps the cost of one add constant.
    if (this.#entries.length % 512 === 0) this.#trim(nowMs)
  }

  /** True when everything after `revision` is still known. */
  reaches(revision: number): boolean {
    return revision >= this.#start
  }

  /** Events of a bucket after `revision`, oldest first. */
  since(bucket: string, revision: number): StoreEvent[] {
    const found: StoreEvent[] = []
    for (let index = this.#entries.length - 1; index >= 0; index--) {
      const { event } = this.#entries[index]!
      if (event.revision <= revision) break
      if (event.bucket === bucket) found.push(event)
    }
    return found.reverse()
  }

  #trim(nowMs: number): void {
    let drop = Math.max(0, this.#entries.length - KEEP_AT_MOST)
    const most = this.#entries.length - KEEP_AT_LEAST
    while (drop < most && this.#entries[drop]!.at < nowMs - KEEP_MS) drop++
    if (drop <= 0) return
    this.#start = this.#entries[drop - 1]!.event.revision
    this.#entries = this.#entries.slice(drop)
  }
}
