/** Who owns whom: every object by uid, and the dependents of each owner. */
import type { KubeObject, Resource } from '../../objects.ts'

export interface Node {
  uid: string
  resource: Resource
  namespace: string | undefined
  name: string
  owners: string[]
}

/** Kept up to date by watches, so that the death of an owner finds its dependents without a scan. */
export class OwnerGraph {
  readonly #nodes = new Map<string, Node>()
  readonly #dependents = new Map<string, Set<string>>()

  /** Answers whether the object is new or its owners changed. */
  put(resource: Resource, object: KubeObject): boolean {
    const { uid, namespace, name, ownerReferences = [] } = object.metadata
    const owners = ownerReferences.map((ref) => ref.uid)
    const known = this.#nodes.get(uid)
    if (known && known.owners.join() === owners.join()) return false
    this.#unlink(known)
    this.#nodes.set(uid, { uid, resource, namespace, name, owners })
    for (const owner of owners) {
      const dependents = this.#dependents.get(owner) ?? new Set()
      this.#dependents.set(owner, dependents.add(uid))
    }
    return true
  }

  remove(uid: string): void {
    this.#unlink(this.#nodes.get(uid))
    this.#nodes.delete(uid)
  }

  get(uid: string): Node | undefined {
    return this.#nodes.get(uid)
  }

  /** Known objects that name `uid` as an owner. */
  dependents(uid: string): Node[] {
    return [...(this.#dependents.get(uid) ?? [])].flatMap((dependent) => this.#nodes.get(dependent) ?? [])
  }

  #unlink(node: Node | undefined): void {
    for (const owner of node?.owners ?? []) {
      const dependents = this.#dependents.get(owner)
      dependents?.delete(node!.uid)
      if (dependents?.size === 0) this.#dependents.delete(owner)
    }
  }
}
