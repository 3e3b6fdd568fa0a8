/** The objects of one resource type, listed in the order of their keys. */
import type { KubeObject } from '../objects.ts'

interface Namespace {
  objects: Map<string, KubeObject>
  /** Sorted names, made when first needed after an object came or went. */
  names?: string[]
}

/** Objects by namespace and name; cluster-scoped ones have the namespace ''. */
export class Bucket {
  readonly #namespaces = new Map<string, Namespace>()
  #order: string[] | undefined

  get(namespace: string, name: string): KubeObject | undefined {
    return this.#namespaces.get(namespace)?.objects.get(name)
  }

  set(object: KubeObject): void {
    const { namespace = '', name } = object.metadata
    let space = this.#namespaces.get(namespace)
    if (!space) {
      space = { objects: new Map() }
      this.#namespaces.set(namespace, space)
      this.#order = undefined
    }
    if (!space.objects.has(name)) delete space.names
    space.objects.set(name, object)
  }

  delete(namespace: string, name: string): void {
    const space = this.#namespaces.get(namespace)
    if (!space?.objects.delete(name)) return
    delete space.names
    if (space.objects.size > 0) return
    this.#namespaces.delete(namespace)
    this.#order = undefined
  }

  get size(): number {
    let size = 0
    for (const space of this.#namespaces.values()) size += space.objects.size
    return size
  }

  /** Objects of one namespace, or of all, sorted by `namespace/name` as etcd's keys sort. */
  list(namespace?: string): KubeObject[] {
    if (namespace !== undefined) return this.#listOne(namespace)
    this.#order ??= [...this.#namespaces.keys()].sort((a, b) => compare(`${a}/`, `${b}/`))
    if (this.#order.length === 1) return this.#listOne(this.#order[0]!)
    return this.#order.flatMap((each) => this.#listOne(each))
  }

  #listOne(namespace: string): KubeObject[] {
    const space = this.#namespaces.get(namespace)
    if (!space) return []
    space.names ??= [...space.objects.keys()].sort(compare)
    return space.names.map((name) => space.objects.get(name)!)
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
