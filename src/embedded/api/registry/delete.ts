/** DELETE: preconditions, propagation, grace, finalizers. */
import { rfc3339 } from '../../../lib/clock.ts'
import type { DeleteOptions } from '../../client.ts'
import { conflict, notFound } from '../../errors.ts'
import type { KubeObject, ObjectMeta } from '../../objects.ts'
import type { ResourceInfo } from '../../schema/types.ts'
import { bucketOf, inVersion, type RegistryContext, toStorage } from './context.ts'
import { finishRemoval, isHeld } from './removal.ts'
import { strategyOf } from './strategies/index.ts'

const ORPHAN = 'orphan'
const FOREGROUND = 'foregroundDeletion'
const DEFAULT_GRACE_SECONDS = 30

export interface Deleted {
  /** The last state when it is gone, else the state that is being deleted. */
  object: KubeObject
  gone: boolean
}

/** Deletes an object, or begins to: pods end gracefully, finalizers are waited for. */
export function deleteObject(
  context: RegistryContext,
  info: ResourceInfo,
  namespace: string | undefined,
  name: string,
  options: DeleteOptions,
): Deleted {
  const stored = context.store.get(bucketOf(info), info.namespaced ? namespace : undefined, name)
  if (!stored) throw notFound(info.group, info.plural, name)
  const old = inVersion(info, stored)
  checkPreconditions(info, old, options.preconditions)
  const marked = mark(context, info, old, options)
  const grace = marked.metadata.deletionGracePeriodSeconds ?? 0
  if (grace === 0 && !isHeld(marked)) {
    if (!options.dryRun) finishRemoval(context, info, marked)
    return { object: marked, gone: true }
  }
  if (options.dryRun || marked === old) return { object: marked, gone: false }
  strategyOf(info).markDeleted?.(marked)
  return { object: inVersion(info, context.store.put(bucketOf(info), toStorage(info, marked))), gone: false }
}

function checkPreconditions(
  info: ResourceInfo,
  object: KubeObject,
  preconditions: DeleteOptions['preconditions'],
): void {
  const { uid, resourceVersion } = preconditions ?? {}
  const { metadata } = object
  const hint = 'The object might have been deleted and then recreated'
  if (uid !== undefined && uid !== metadata.uid) {
    const why = `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). ${hint}`
    throw conflict(info.group, info.plural, metadata.name, why)
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    const why = `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`
    throw conflict(info.group, info.plural, metadata.name, why)
  }
}

/** The object with the marks of its deletion; `old` itself when it has them already. */
function mark(
  context: RegistryContext,
  info: ResourceInfo,
  old: KubeObject,
  options: DeleteOptions,
): KubeObject {
  const now = context.clock.now()
  const finalizers = finalizersFor(info, old, options)
  const times = old.metadata.deletionTimestamp
    ? shortened(old.metadata, options.gracePeriodSeconds)
    : begun(info, old, options.gracePeriodSeconds, now)
  const sameFinalizers = finalizers.join() === (old.metadata.finalizers ?? []).join()
  if (!times && sameFinalizers) return old
  const metadata: ObjectMeta = { ...old.metadata, ...times }
  if (finalizers.length > 0) metadata.finalizers = finalizers
  else delete metadata.finalizers
  const begins = old.metadata.deletionTimestamp === undefined
  if (begins && metadata.generation !== undefined) metadata.generation++
  return { ...old, metadata }
}

function begun(
  info: ResourceInfo,
  old: KubeObject,
  requested: number | undefined,
  nowMs: number,
): Pick<ObjectMeta, 'deletionTimestamp' | 'deletionGracePeriodSeconds'> {
  const grace = isPod(info) ? podGrace(old, requested) : 0
  return {
    deletionTimestamp: rfc3339(nowMs + grace * 1000),
    deletionGracePeriodSeconds: grace,
  }
}

/** A second delete can only shorten the grace period. */
function shortened(
  metadata: ObjectMeta,
  requested: number | undefined,
): Pick<ObjectMeta, 'deletionTimestamp' | 'deletionGracePeriodSeconds'> | undefined {
  const grace = metadata.deletionGracePeriodSeconds ?? 0
  if (requested === undefined || requested >= grace) return undefined
  const period = Math.max(0, requested)
  const end = Date.parse(metadata.deletionTimestamp!) + (period - grace) * 1000
  return { deletionTimestamp: rfc3339(end), deletionGracePeriodSeconds: period }
}

/** Pods that no node runs, or that have ended, need no grace. */
function podGrace(pod: KubeObject, requested: number | undefined): number {
  if (!pod.spec?.nodeName || ['Succeeded', 'Failed'].includes(pod.status?.phase)) return 0
  const grace = requested ?? pod.spec?.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS
  return grace < 0 ? 1 : grace
}

function isPod(info: ResourceInfo): boolean {
  return info.group === '' && info.plural === 'pods'
}

function finalizersFor(info: ResourceInfo, old: KubeObject, options: DeleteOptions): string[] {
  const strategy = strategyOf(info)
  const given = old.metadata.finalizers ?? []
  const begins = old.metadata.deletionTimestamp === undefined
  const own = begins ? (strategy.finalizersOnDelete ?? []) : []
  const base = [...given, ...own.filter((name) => !given.includes(name))]
  const policy = options.propagationPolicy
  if (policy === undefined) {
    const orphans = strategy.orphansByDefault && begins && !base.includes(FOREGROUND)
    return orphans && !base.includes(ORPHAN) ? [...base, ORPHAN] : base
  }
  const kept = base.filter((name) => name !== ORPHAN && name !== FOREGROUND)
  if (policy === 'Orphan') return [...kept, ORPHAN]
  if (policy === 'Foreground') return [...kept, FOREGROUND]
  return kept
}
