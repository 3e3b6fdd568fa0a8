/** All tasks of an operation, in order, with the results that earlier steps of it left. */
import type { Client } from '../../../client.ts'
import type { Manifest, Resource } from '../../../objects.ts'
import { type HookType, hookTypes, isHook, isOptionOn, isSkipped } from '../annotations.ts'
import type { Pair } from '../compare.ts'
import { HOOK_FINALIZER, SYNC_OPTIONS } from '../names.ts'
import { groupOf } from '../tracking.ts'
import type { Operation, ResourceResult, SyncPhase, SyncPolicy } from '../types.ts'
import { orderTasks } from './order.ts'
import { keyOfRow, resultKey, type SyncTask, taskOf } from './task.ts'

const PHASES = new Set<HookType>(['PreSync', 'Sync', 'PostSync', 'SyncFail'])
const NAMESPACES: Resource = 'v1/namespaces'

export interface BuildRequest {
  pairs: Pair[]
  hooks: Manifest[]
  operation: Operation
  revision: string
  /** RFC 3339. */
  startedAt: string
  results: ResourceResult[]
  client: Pick<Client, 'get' | 'resourceFor'>
  /** Namespace of the destination, for CreateNamespace. */
  namespace: string
  managedNamespaceMetadata?: SyncPolicy['managedNamespaceMetadata']
}

export function buildTasks(request: BuildRequest): SyncTask[] {
  const { pairs, hooks, operation, results } = request
  const { resources: only, syncStrategy, syncOptions = [] } = operation.sync ?? {}
  const isSelected = (object: Manifest) =>
    !only?.length ||
    only.some(
      (one) =>
        (one.group ?? '') === groupOf(object.apiVersion) &&
        one.kind === object.kind &&
        one.name === object.metadata.name &&
        (!one.namespace || one.namespace === object.metadata.namespace),
    )
  const tasks = pairs
    .filter(({ target, live, refused }) => isSelected((target ?? live)!) && !(refused && !target))
    .flatMap((pair) => plainTask(pair, request.namespace))
  // A list of resources, and the apply strategy, leave hooks out.
  if (!only?.length && !syncStrategy?.apply) tasks.push(...hooks.flatMap((hook) => hookTasks(hook, request)))
  if (syncOptions.includes('CreateNamespace=true')) tasks.push(...namespaceTask(request))
  const byKey = new Map(results.map((row) => [keyOfRow(row), row]))
  for (const task of tasks) {
    const result = byKey.get(resultKey(task))
    if (result) task.result = result
  }
  return orderTasks(tasks, ({ live }) => live !== undefined && isOptionOn(live, syncOptions, 'PruneLast'))
}

/** A hook that left Git is no task: it is never pruned. */
function plainTask({ target, live, resource, modified, foreign }: Pair, namespace: string): SyncTask[] {
  if (target ? isSkipped(target) : foreign || isHook(live!) || isSkipped(live!)) return []
  return [
    taskOf({
      phase: 'Sync',
      ...(target ? { target } : {}),
      ...(live ? { live } : {}),
      resource,
      hook: false,
      namespace: target ? (target.metadata.namespace ?? namespace) : (live!.metadata.namespace ?? ''),
      modified,
    }),
  ]
}

function hookTasks(hook: Manifest, { client, revision, startedAt, namespace }: BuildRequest): SyncTask[] {
  const resource = client.resourceFor(hook.apiVersion, hook.kind)
  return hookTypes(hook)
    .filter((type): type is SyncPhase => PHASES.has(type))
    .map((phase) => {
      const {
        generateName,
        name = generatedName(generateName, revision, phase, startedAt),
        ...rest
      } = hook.metadata
      const finalizers = [...(rest.finalizers ?? []), HOOK_FINALIZER]
      const named = { ...rest, ...(generateName ? { generateName } : {}), name, finalizers }
      const target: Manifest = { ...hook, metadata: named }
      const live = resource && client.get(resource, target.metadata.namespace, name)
      return taskOf({
        phase,
        target,
        ...(live ? { live } : {}),
        resource,
        hook: true,
        namespace: target.metadata.namespace ?? namespace,
        modified: true,
      })
    })
}

/** The same within one operation, different in the next. */
function generatedName(prefix = '', revision: string, phase: SyncPhase, startedAt: string): string {
  return `${prefix}${revision.slice(0, 7)}-${phase}-${Date.parse(startedAt) / 1000}`.toLowerCase()
}

/** The destination's namespace comes first; it is not tracked, so that it is never pruned. */
function namespaceTask({
  client,
  namespace,
  managedNamespaceMetadata: managed,
  results,
  pairs,
}: BuildRequest): SyncTask[] {
  const live = client.get(NAMESPACES, undefined, namespace)
  const done = results.some(({ kind, name }) => kind === 'Namespace' && name === namespace)
  const inGit = pairs.some(({ target }) => target?.kind === 'Namespace' && target.metadata.name === namespace)
  if (inGit || (live && !managed && !done)) return []
  const target: Manifest = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: namespace,
      ...(managed?.labels ? { labels: managed.labels } : {}),
      // Others may write there too, so that only these fields are ours.
      ...(managed ? { annotations: { ...managed.annotations, [SYNC_OPTIONS]: 'ServerSideApply=true' } } : {}),
    },
  }
  return [
    taskOf({
      phase: 'PreSync',
      target,
      ...(live ? { live } : {}),
      resource: NAMESPACES,
      hook: false,
      namespace: '',
      modified: !live || managed !== undefined,
    }),
  ]
}
