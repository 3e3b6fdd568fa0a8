/** Deletion of an Application: with a resources finalizer its objects go first, the highest wave before the others. */
import { messageOf } from '../../../lib/errors.ts'
import type { Client } from '../../client.ts'
import { isStatus } from '../../errors.ts'
import type { KubeObject, Resource } from '../../objects.ts'
import { deleteRule, waveOf } from './annotations.ts'
import { trackingName } from './app-name.ts'
import { cleanUpDeletionHooks, runDeletionHooks } from './deletion-hooks.ts'
import {
  APPLICATIONS,
  BACKGROUND_FINALIZER,
  cleanupOf,
  FIELD_MANAGER,
  FOREGROUND_FINALIZER,
  POST_DELETE_FINALIZER,
  PRE_DELETE_FINALIZER,
  RESOURCES_FINALIZER,
} from './names.ts'
import type { ObserveTools } from './observe.ts'
import { destinationProblem } from './project.ts'
import { isApproved } from './sync/run-tasks.ts'
import type { Application } from './types.ts'

const CASCADE = [RESOURCES_FINALIZER, FOREGROUND_FINALIZER, BACKGROUND_FINALIZER]
const DELETION_HOOKS = [PRE_DELETE_FINALIZER, POST_DELETE_FINALIZER].flatMap((name) => [
  name,
  cleanupOf(name),
])

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

/** One pass: hooks and objects in their order. The objects' own changes bring the next one; throws what a hook says. */
export async function finalize(app: Application, tools: ObserveTools): Promise<void> {
  const { client, managed, controllerNamespace } = tools
  const finalizers = app.metadata.finalizers ?? []
  const has = (name: string) => finalizers.includes(name)
  if (destinationProblem(app.spec.destination)) {
    // Nothing can be reached there: what it held stays.
    const own = [...CASCADE, ...DELETION_HOOKS]
    if (finalizers.some((name) => own.includes(name))) drop(app, own, client)
    return
  }
  if (has(PRE_DELETE_FINALIZER)) {
    const done = await executed(runDeletionHooks('PreDelete', app, tools))
    if (done) drop(app, [PRE_DELETE_FINALIZER], client)
  } else if (finalizers.some((name) => CASCADE.includes(name))) {
    const tracked = managed.tracked(trackingName(app, controllerNamespace), client)
    if (deleteNext(app, tracked, client)) drop(app, CASCADE, client)
  } else if (has(POST_DELETE_FINALIZER)) {
    if (await runDeletionHooks('PostDelete', app, tools)) drop(app, [POST_DELETE_FINALIZER], client)
  } else if (has(cleanupOf(PRE_DELETE_FINALIZER))) {
    if (cleanUpDeletionHooks('PreDelete', app, tools)) drop(app, [cleanupOf(PRE_DELETE_FINALIZER)], client)
  } else if (has(cleanupOf(POST_DELETE_FINALIZER))) {
    if (cleanUpDeletionHooks('PostDelete', app, tools)) drop(app, [cleanupOf(POST_DELETE_FINALIZER)], client)
  }
}

async function executed(hooks: Promise<boolean>): Promise<boolean> {
  try {
    return await hooks
  } catch (thrown) {
    throw new Error(`error executing pre-delete hooks: ${messageOf(thrown)}`)
  }
}

/** Deletes what goes now; true when nothing is left that should go. */
function deleteNext(app: Application, tracked: Tracked[], client: Client): boolean {
  if (!isWaiting(app, tracked)) return true
  const background = app.metadata.finalizers?.includes(BACKGROUND_FINALIZER)
  const propagationPolicy = background ? 'Background' : 'Foreground'
  for (const { resource, object } of nextToDelete(app, tracked)) {
    if (object.metadata.deletionTimestamp) continue
    try {
      client.delete(resource, object.metadata.namespace, object.metadata.name, { propagationPolicy })
    } catch (thrown) {
      if (!isStatus(thrown, 404)) throw thrown
    }
  }
  return false
}

function drop(app: Application, names: string[], client: Client): void {
  const { namespace, name, finalizers = [] } = app.metadata
  const kept = finalizers.filter((each) => !names.includes(each))
  client.patch(
    APPLICATIONS,
    namespace,
    name,
    { metadata: { finalizers: kept } },
    { type: 'merge', fieldManager: FIELD_MANAGER },
  )
}
