/** Deletion of an Application: with a resources finalizer its objects go first, the highest wave before the others. */
import type { Client } from '../../client.ts'
import { isStatus } from '../../errors.ts'
import type { KubeObject, Resource } from '../../objects.ts'
import { deleteRule, waveOf } from './annotations.ts'
import {
  APPLICATIONS,
  BACKGROUND_FINALIZER,
  FIELD_MANAGER,
  FOREGROUND_FINALIZER,
  RESOURCES_FINALIZER,
} from './names.ts'
import { isApproved } from './sync/run-tasks.ts'
import type { Application } from './types.ts'

const CASCADE = [RESOURCES_FINALIZER, FOREGROUND_FINALIZER, BACKGROUND_FINALIZER]

export interface Tracked {
  resource: Resource
  object: KubeObject
}

/** Pure: what of the Application's objects goes now; empty when nothing is left that should go. */
export function nextToDelete(app: Application, tracked: Tracked[]): Tracked[] {
  const { uid, deletionTimestamp = '' } = app.metadata
  const options = app.spec.syncPolicy?.syncOptions ?? []
  const doomed = tracked.filter(
    ({ object }) =>
      object.kind !== 'CustomResourceDefinition' &&
      object.metadata.uid !== uid &&
      deleteRule(object, options) !== 'no',
  )
  const approved = isApproved(app, deletionTimestamp)
  const highest = Math.max(...doomed.map(({ object }) => waveOf(object)))
  return doomed.filter(
    ({ object }) => waveOf(object) === highest && (approved || deleteRule(object, options) !== 'confirm'),
  )
}

/** True when objects are left that wait for somebody's consent or for their own end. */
function isWaiting(app: Application, tracked: Tracked[]): boolean {
  const options = app.spec.syncPolicy?.syncOptions ?? []
  return tracked.some(
    ({ object }) =>
      object.kind !== 'CustomResourceDefinition' &&
      object.metadata.uid !== app.metadata.uid &&
      deleteRule(object, options) !== 'no',
  )
}

/** One pass: deletes, or lets the Application go. The objects' own deletion brings the next pass. */
export function finalize(app: Application, tracked: Tracked[], client: Client): void {
  const finalizers = app.metadata.finalizers ?? []
  const cascade = finalizers.filter((name) => CASCADE.includes(name))
  if (cascade.length === 0) return
  if (isWaiting(app, tracked)) {
    const propagationPolicy = cascade.includes(BACKGROUND_FINALIZER) ? 'Background' : 'Foreground'
    for (const { resource, object } of nextToDelete(app, tracked)) {
      if (object.metadata.deletionTimestamp) continue
      try {
        client.delete(resource, object.metadata.namespace, object.metadata.name, { propagationPolicy })
      } catch (thrown) {
        if (!isStatus(thrown, 404)) throw thrown
      }
    }
    return
  }
  const { namespace, name } = app.metadata
  const kept = finalizers.filter((each) => !CASCADE.includes(each))
  client.patch(
    APPLICATIONS,
    namespace,
    name,
    { metadata: { finalizers: kept } },
    { type: 'merge', fieldManager: FIELD_MANAGER },
  )
}
