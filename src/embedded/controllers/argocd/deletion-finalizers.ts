/** The finalizers that an Application has while Git holds hooks for its deletion. */
import type { Client } from '../../client.ts'
import { equal } from '../../store/json.ts'
import { type HookType, hookTypes } from './annotations.ts'
import {
  APPLICATIONS,
  cleanupOf,
  FIELD_MANAGER,
  POST_DELETE_FINALIZER,
  PRE_DELETE_FINALIZER,
} from './names.ts'
import type { Observation } from './observe.ts'
import type { Application } from './types.ts'

const FINALIZERS: [HookType, string][] = [
  ['PreDelete', PRE_DELETE_FINALIZER],
  ['PostDelete', POST_DELETE_FINALIZER],
]

/** Sets or removes them after a comparison; where the manifests could not be had, they stay. */
export function keepDeletionFinalizers(
  app: Application,
  { hooks, sourceTypes }: Observation,
  client: Client,
): void {
  if (!sourceTypes || app.metadata.deletionTimestamp) return
  const current = app.metadata.finalizers ?? []
  const own = FINALIZERS.flatMap(([, finalizer]) => [finalizer, cleanupOf(finalizer)])
  const wanted = FINALIZERS.filter(([type]) => hooks.some((hook) => hookTypes(hook).includes(type)))
  const finalizers = [
    ...current.filter((name) => !own.includes(name)),
    ...wanted.flatMap(([, finalizer]) => [finalizer, cleanupOf(finalizer)]),
  ]
  if (equal(finalizers, current)) return
  const { namespace, name } = app.metadata
  client.patch(
    APPLICATIONS,
    namespace,
    name,
    { metadata: { finalizers } },
    { type: 'merge', fieldManager: FIELD_MANAGER },
  )
}
