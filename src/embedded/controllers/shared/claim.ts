/** Adoption and release: which of the objects that a selector sees belong to a controller. */
import type { LabelSelector } from '../../client.ts'
import { controllerOf, type KubeObject, type Resource } from '../../objects.ts'
import { matchesLabels } from '../../selectors.ts'
import type { Change } from '../runtime/changes.ts'
import { controllerRef } from './owners.ts'

export interface Claim {
  /** Owned after the changes are made. */
  owned: KubeObject[]
  /** Patches of ownerReferences. */
  changes: Change[]
}

/**
 * Sorts out `objects` (all of a type in the owner's namespace) as controller_ref_manager does: ours and
 * matching are kept, ours and not matching are released, orphans that match are adopted. An owner that is
 * being deleted neither adopts nor releases.
 */
export function claim(
  owner: KubeObject,
  selector: LabelSelector | undefined,
  resource: Resource,
  objects: KubeObject[],
): Claim {
  const owned: KubeObject[] = []
  const changes: Change[] = []
  const going = owner.metadata.deletionTimestamp !== undefined
  for (const object of objects) {
    const matches = matchesLabels(selector, object.metadata.labels)
    const controller = controllerOf(object)
    if (controller) {
      if (controller.uid !== owner.metadata.uid) continue
      if (matches) owned.push(object)
      else if (!going) changes.push(referencesPatch(resource, object, withoutOwner(object, owner)))
    } else if (matches && !going && object.metadata.deletionTimestamp === undefined) {
      const references = [...(object.metadata.ownerReferences ?? []), controllerRef(owner)]
      owned.push({ ...object, metadata: { ...object.metadata, ownerReferences: references } })
      changes.push(referencesPatch(resource, object, references))
    }
  }
  return { owned, changes }
}

function withoutOwner(object: KubeObject, owner: KubeObject) {
  return (object.metadata.ownerReferences ?? []).filter((ref) => ref.uid !== owner.metadata.uid)
}

function referencesPatch(resource: Resource, object: KubeObject, references: unknown[]): Change {
  return {
    verb: 'patch',
    resource,
    namespace: object.metadata.namespace,
    name: object.metadata.name,
    patch: { metadata: { ownerReferences: references.length > 0 ? references : null } },
  }
}
