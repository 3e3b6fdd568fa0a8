/** Controller references: making them, and finding who controls what. */
import type { Client } from '../../client.ts'
import { controllerOf, type KubeObject, type OwnerReference, type Resource } from '../../objects.ts'

/** A reference that marks `owner` as the controller, as metav1.NewControllerRef makes it. */
export function controllerRef(owner: KubeObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  }
}

export function isControlledBy(object: KubeObject, owner: KubeObject): boolean {
  return controllerOf(object)?.uid === owner.metadata.uid
}

/** The objects of a type in the owner's namespace that `owner` controls. */
export function controlledBy(client: Client, resource: Resource, owner: KubeObject): KubeObject[] {
  return client
    .list(resource, { namespace: owner.metadata.namespace })
    .filter((object) => isControlledBy(object, owner))
}

/** Group of an apiVersion: `apps/v1` → `apps`, `v1` → ``. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/')
  return slash < 0 ? '' : apiVersion.slice(0, slash)
}

/** Work-queue keys of the controller of `object`, when it is of this group and kind. */
export function controllerKeys(object: KubeObject, group: string, kind: string): string[] {
  const ref = controllerOf(object)
  if (!ref || ref.kind !== kind || groupOf(ref.apiVersion) !== group) return []
  return [`${object.metadata.namespace}/${ref.name}`]
}
