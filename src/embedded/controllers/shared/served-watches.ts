/** Watches on every served resource type, custom ones as they come and go. */
import type { Client, WatchEvent } from '../../client.ts'
import type { Resource } from '../../objects.ts'
import type { ServedResource } from './resources.ts'

export class ServedWatches {
  readonly #watches = new Map<Resource, Disposable>()
  readonly #ignored: RegExp
  readonly #seen: (resource: Resource, event: WatchEvent) => void

  /** `ignored` tells the resource types that are left out. */
  constructor(ignored: RegExp, seen: (resource: Resource, event: WatchEvent) => void) {
    this.#ignored = ignored
    this.#seen = seen
  }

  /** Types that are watched now. */
  get resources(): Iterable<Resource> {
    return this.#watches.keys()
  }

  /** Watches what is served now, and stops watching what no longer is. */
  refresh(client: Client, served: ServedResource[]): void {
    const wanted = new Set(served.map(({ resource }) => resource).filter((one) => !this.#ignored.test(one)))
    for (const [resource, watch] of this.#watches) {
      if (wanted.has(resource)) continue
      watch[Symbol.dispose]()
      this.#watches.delete(resource)
    }
    for (const resource of wanted) {
      if (this.#watches.has(resource)) continue
      const watch = client.watch(resource, (event) => this.#seen(resource, event))
      this.#watches.set(resource, watch)
    }
  }

  stop(): void {
    for (const watch of this.#watches.values()) watch[Symbol.dispose]()
    this.#watches.clear()
  }
}
