/** Carries out tasks: checks before the first, one wave at a time, and what happens to hooks at the end. */
import type { Client } from '../../../client.ts'
import { ApiError, isStatus } from '../../../errors.ts'
import type { KubeObject } from '../../../objects.ts'
import { clone } from '../../../store/json.ts'
import { deletePolicies, isOptionOn, pruneRule } from '../annotations.ts'
import { respectIgnored } from '../diff/compare-object.ts'
import { DELETION_APPROVED, FIELD_MANAGER, HOOK_FINALIZER } from '../names.ts'
import { refusal } from '../project.ts'
import { groupOf } from '../tracking.ts'
import type { Application, AppProject, Operation } from '../types.ts'
import { type ApplyTools, applyTarget, pruneObject } from './apply.ts'
import { isPrune, objectOf, record, type SyncTask } from './task.ts'

export interface RunTools extends ApplyTools {
  app: Application
  project: AppProject
  operation: Operation
  /** RFC 3339. */
  startedAt: string
}

const INVALID = 'one or more synchronization tasks are not valid'

/**
 * Permission and discovery of every task; the client-side dry run that Argo CD makes then finds nothing more.
 * Answers why the operation cannot begin, or undefined.
 */
export function checkTasks(tasks: SyncTask[], tools: RunTools): string | undefined {
  const options = tools.operation.sync?.syncOptions ?? []
  const crds = tasks.flatMap(({ target }) => (target?.kind === 'CustomResourceDefinition' ? [target] : []))
  for (const task of tasks) {
    const object = objectOf(task)
    const group = groupOf(object.apiVersion)
    const { namespace } = object.metadata
    const refused = refusal(tools.project, { group, kind: object.kind, namespace }, namespace !== undefined)
    if (refused && !isDestinationNamespace(task, tools)) {
      record(task, { status: 'SyncFailed', message: refused })
      continue
    }
    if (task.resource || isOptionOn(object, options, 'SkipDryRunOnMissingResource')) continue
    if (crds.some(({ spec }) => spec?.group === group && spec?.names?.kind === object.kind)) continue
    record(task, { status: 'SyncFailed', message: missingKind(task) })
  }
  const failed = tasks.filter(({ result }) => result?.status === 'SyncFailed')
  if (failed.length > 0) {
    const reasons = new Set(failed.map(({ result }) => result!.message))
    return `${INVALID}: ${[...reasons].sort().join('; ')}`
  }
  return undefined
}

/** The namespace that CreateNamespace makes needs no permission of its own. */
function isDestinationNamespace({ target }: SyncTask, { app }: RunTools): boolean {
  return target?.kind === 'Namespace' && target.metadata.name === app.spec.destination.namespace
}

function missingKind(task: SyncTask): string {
  const { apiVersion, kind, metadata } = objectOf(task)
  const what = `${groupOf(apiVersion)}/${kind}`
  const where = `${metadata.namespace ?? ''}/${metadata.name}`
  return `The Kubernetes API could not find ${what} for requested resource ${where}. Make sure the "${kind}" CRD is installed on the destination cluster.`
}

/** One wave: what is pruned first, then hooks of earlier runs, then objects in their order. */
export async function runWave(
  tasks: SyncTask[],
  tools: RunTools,
): Promise<'failed' | 'done' | 'deleting' | 'unconfirmed'> {
  // Nothing of the wave begins before somebody agrees.
  if (unconfirmed(tasks, tools).length > 0) return 'unconfirmed'
  for (const task of tasks.filter(isPrune)) prune(task, tools)
  const inTheWay = tasks.filter((task) => task.hook && task.live && isReplaced(task))
  if (inTheWay.length > 0) {
    for (const task of inTheWay) deleteHook(task, tools.client)
    const held = inTheWay.some((task) => isThere(task, tools.client))
    // Applied on the next step, when they are gone.
    if (held) return 'deleting'
    for (const task of inTheWay) delete task.live
  }
  for (const task of tasks) if (!isPrune(task)) await apply(task, tools)
  return tasks.some(({ result }) => result?.status === 'SyncFailed') ? 'failed' : 'done'
}

/** What is to be pruned only with somebody's consent, which is not there yet. */
export function unconfirmed(
  tasks: SyncTask[],
  { operation, app, startedAt }: Pick<RunTools, 'operation' | 'app' | 'startedAt'>,
): SyncTask[] {
  const { dryRun: dry, syncOptions = [] } = operation.sync ?? {}
  if (dry || isApproved(app, startedAt)) return []
  return tasks.filter((task) => isPrune(task) && pruneRule(task.live!, syncOptions) === 'confirm')
}

function isReplaced(task: SyncTask): boolean {
  return deletePolicies(objectOf(task)).includes('BeforeHookCreation')
}

function isThere(task: SyncTask, client: Client): boolean {
  const { namespace, name = '' } = objectOf(task).metadata
  return task.resource !== undefined && client.get(task.resource, namespace, name) !== undefined
}

function prune(task: SyncTask, tools: RunTools): void {
  const reason = whyNotPruned(task, tools)
  if (reason) {
    record(task, { status: 'PruneSkipped', hookPhase: 'Succeeded', message: reason })
    return
  }
  const { dryRun: dry, syncOptions = [] } = tools.operation.sync ?? {}
  try {
    if (!dry) pruneObject(tools.client, task.resource!, task.live!, syncOptions)
    const message = dry ? 'pruned (dry run)' : 'pruned'
    record(task, { status: 'Pruned', hookPhase: 'Succeeded', message })
  } catch (thrown) {
    fail(task, thrown)
  }
}

function whyNotPruned({ live }: SyncTask, { operation }: RunTools): string | undefined {
  if (!operation.sync?.prune) return 'ignored (requires pruning)'
  return pruneRule(live!, operation.sync.syncOptions ?? []) === 'no' ? 'ignored (no prune)' : undefined
}

/** Whether somebody agreed to deletions, not before `since` (RFC 3339). */
export function isApproved({ metadata }: Application, since: string): boolean {
  const at = Date.parse(metadata.annotations?.[DELETION_APPROVED] ?? '')
  return at >= Date.parse(since)
}

async function apply(task: SyncTask, tools: RunTools): Promise<void> {
  const { client, operation, app } = tools
  const { syncOptions = [], syncStrategy, dryRun: dry } = operation.sync ?? {}
  // A CRD of this very sync may serve the kind by now.
  const resource = task.resource ?? client.resourceFor(task.target!.apiVersion, task.target!.kind)
  try {
    if (!resource) {
      const { apiVersion, kind, metadata } = task.target!
      const where = `name: "${metadata.name}" namespace: "${metadata.namespace ?? ''}"`
      const what = `no matches for kind "${kind}" in version "${apiVersion}"`
      const message = `resource mapping not found for ${where}: ${what}\nensure CRDs are installed first`
      throw new ApiError(404, 'NotFound', message)
    }
    task.resource = resource
    const target =
      task.live && syncOptions.includes('RespectIgnoreDifferences=true')
        ? await respectIgnored(task.target!, task.live, app.spec.ignoreDifferences ?? [])
        : task.target!
    const force = syncStrategy?.apply?.force === true || syncStrategy?.hook?.force === true
    const request = { resource, target, options: syncOptions, force, dryRun: dry === true }
    const line = applyTarget(request, tools)
    const [hookPhase, message] = dry
      ? (['Succeeded', `${line} (dry run)`] as const)
      : (['Running', line] as const)
    record(task, { status: 'Synced', hookPhase, message })
  } catch (thrown) {
    fail(task, thrown)
  }
}

function fail(task: SyncTask, thrown: unknown): void {
  if (!(thrown instanceof ApiError)) throw thrown
  record(task, { status: 'SyncFailed', hookPhase: 'Failed', message: thrown.message })
}

/** Deletes a hook of ours, its finalizer first. */
export function deleteHook(task: SyncTask, client: Client): void {
  const { resource, live } = task
  if (!resource || !live) return
  try {
    releaseHook(task, client)
    client.delete(resource, live.metadata.namespace, live.metadata.name, { propagationPolicy: 'Background' })
  } catch (thrown) {
    if (!isStatus(thrown, 404)) throw thrown
  }
}

/** Takes the finalizer off a hook that has ended. */
export function releaseHook({ resource, live }: SyncTask, client: Client): void {
  if (!resource || !live) return
  const current = client.get(resource, live.metadata.namespace, live.metadata.name)
  if (!current?.metadata.finalizers?.includes(HOOK_FINALIZER)) return
  const next = clone(current) as KubeObject
  next.metadata.finalizers = next.metadata.finalizers!.filter((name) => name !== HOOK_FINALIZER)
  client.update(resource, next, { fieldManager: FIELD_MANAGER })
}
