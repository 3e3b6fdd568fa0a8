/** GET of one and of many: selection, and pages that all show one moment. */
import type { LabelSelector } from '../../client.ts'
import type { KubeObject } from '../../objects.ts'
import type { ResourceInfo } from '../../schema/types.ts'
import { fieldSelection } from '../selectors/fields.ts'
import { labelPredicate } from '../selectors/labels.ts'
import { bucketOf, inVersion, type RegistryContext } from './context.ts'

export interface Selection {
  namespace?: string
  labelSelector?: LabelSelector | string
  fieldSelector?: string
}

export type Predicate = (object: KubeObject) => boolean

/** Whether an object is in the selection (namespace apart); undefined when every object is. */
export function selectionPredicate(info: ResourceInfo, selection: Selection): Predicate | undefined {
  const byLabels = labelPredicate(selection.labelSelector)
  const byFields = fieldSelection(info, selection.fieldSelector)
  if (!byLabels && !byFields) return undefined
  return (object) => (byLabels?.(object.metadata.labels) ?? true) && (byFields?.matches(object) ?? true)
}

export function getObject(
  { store }: RegistryContext,
  info: ResourceInfo,
  namespace: string | undefined,
  name: string,
): KubeObject | undefined {
  const object = store.get(bucketOf(info), info.namespaced ? namespace : undefined, name)
  return object && inVersion(info, object)
}

/** The selected objects in key order, now or (with `revision`) then; undefined when then is too long ago. */
export function listObjects(
  { store }: RegistryContext,
  info: ResourceInfo,
  selection: Selection,
  revision = store.revision,
): KubeObject[] | undefined {
  const namespace = info.namespaced ? selection.namespace || undefined : undefined
  const all = store.listAt(bucketOf(info), revision, namespace)
  if (!all) return undefined
  const predicate = selectionPredicate(info, selection)
  const selected = predicate ? all.filter(predicate) : all
  return selected.map((object) => inVersion(info, object))
}
