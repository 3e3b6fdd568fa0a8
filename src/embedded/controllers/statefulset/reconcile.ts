/** One sync of a StatefulSet, pure: pods in order, one template after the other. */
import type { KubeObject } from '../../objects.ts'
import type { Change } from '../runtime/changes.ts'
import { resolveIntOrPercent } from '../shared/int-or-percent.ts'
import {
  isAvailable,
  isFinished,
  isReady,
  isTerminating,
  nextAvailableInMs,
  type Pod,
} from '../shared/pods.ts'
import { PERSISTENT_VOLUME_CLAIMS, PODS } from '../shared/resources.ts'
import { claimsOf, ordinalOf, ordinals, podOf, REVISION_LABEL, startOrdinal } from './identity.ts'
import { expiredRevisions, type Revisions, reconcileRevisions } from './revisions.ts'
import { statusChange } from './status.ts'

export const COMPONENT = 'statefulset-controller'

export interface StatefulSetInput {
  set: KubeObject
  /** Those that the set controls. */
  pods: Pod[]
  /** ControllerRevisions that the set controls. */
  revisions: KubeObject[]
  /** Names of the claims that exist in the namespace. */
  claims: Set<string>
  now: number
}

/** The next step: at most one pod at a time where the order matters. */
export function reconcileStatefulSet(input: StatefulSetInput): {
  changes: Change[]
  requeueAfterMs?: number
} {
  const { set, pods, now } = input
  const revisions = reconcileRevisions(set, input.revisions)
  const changes = [...revisions.changes]
  if (!set.metadata.deletionTimestamp) changes.push(...steps(input, revisions))
  changes.push(...statusChange(set, pods, revisions, now))
  const inUse = new Set([revisions.current, revisions.update, ...pods.map(revisionOfPod)])
  changes.push(...expiredRevisions(set, input.revisions, inUse))
  const requeueAfterMs = nextAvailableInMs(pods, set.spec.minReadySeconds ?? 0, now)
  return { changes, ...(requeueAfterMs === undefined ? {} : { requeueAfterMs }) }
}

const revisionOfPod = (pod: Pod): string => pod.metadata.labels?.[REVISION_LABEL] ?? ''

function steps(input: StatefulSetInput, revisions: Revisions): Change[] {
  const { set, pods } = input
  const { start, end } = ordinals(set)
  const inOrder = set.spec.podManagementPolicy !== 'Parallel'
  const byOrdinal = new Map(pods.map((pod) => [ordinalOf(set, pod), pod]))
  const changes: Change[] = []
  for (let ordinal = start; ordinal < end; ordinal++) {
    const pod = byOrdinal.get(ordinal)
    const step = pod ? mend(set, pod) : createChanges(input, revisions, ordinal)
    changes.push(...step)
    if (inOrder && (step.length > 0 || !pod || isTerminating(pod) || !isHealthy(input, pod))) return changes
  }
  const condemned = [...byOrdinal]
    .filter(([ordinal]) => ordinal < start || ordinal >= end)
    .sort(([a], [b]) => b - a)
    .map(([, pod]) => pod)
  const removals = removeCondemned(input, condemned, inOrder)
  changes.push(...removals)
  if (inOrder && condemned.length > 0) return changes
  if (changes.length === 0 && set.spec.updateStrategy?.type !== 'OnDelete') {
    changes.push(...rollingUpdate(input, revisions, byOrdinal))
  }
  return changes
}

function isHealthy({ set, now }: StatefulSetInput, pod: Pod): boolean {
  return (
    pod.status?.phase === 'Running' && isReady(pod) && isAvailable(pod, set.spec.minReadySeconds ?? 0, now)
  )
}

/** A pod that has ended is deleted, to come back under its name. */
function mend(set: KubeObject, pod: Pod): Change[] {
  return isFinished(pod) && !isTerminating(pod) ? deleteChanges(set, pod) : []
}

function removeCondemned(input: StatefulSetInput, condemned: Pod[], inOrder: boolean): Change[] {
  const changes: Change[] = []
  for (const pod of condemned) {
    if (!isTerminating(pod)) changes.push(...deleteChanges(input.set, pod))
    if (inOrder) return changes
  }
  return changes
}

/** From the highest ordinal down to the partition, with at most maxUnavailable not serving. */
function rollingUpdate(input: StatefulSetInput, revisions: Revisions, byOrdinal: Map<number, Pod>): Change[] {
  const { set } = input
  const { start, end } = ordinals(set)
  const { partition = 0, maxUnavailable = 1 } = set.spec.updateStrategy?.rollingUpdate ?? {}
  const limit = Math.max(1, resolveIntOrPercent(maxUnavailable, end - start, 'up') ?? 1)
  const serving = [...byOrdinal.values()].filter((pod) => !isTerminating(pod) && isHealthy(input, pod))
  let unavailable = end - start - serving.length
  const changes: Change[] = []
  for (let ordinal = end - 1; ordinal >= start + partition; ordinal--) {
    const pod = byOrdinal.get(ordinal)!
    if (revisionOfPod(pod) === revisions.update || isTerminating(pod)) continue
    // A pod of the old template that does not serve costs nothing to replace.
    const costs = isHealthy(input, pod) ? 1 : 0
    if (unavailable + costs > limit) return changes
    unavailable += costs
    changes.push(...deleteChanges(set, pod))
  }
  return changes
}

function createChanges({ set, claims }: StatefulSetInput, revisions: Revisions, ordinal: number): Change[] {
  const rolling = set.spec.updateStrategy?.rollingUpdate
  const kept = rolling ? (rolling.partition ?? 0) : (set.status?.currentReplicas ?? 0)
  const old = set.spec.updateStrategy?.type !== 'OnDelete' && ordinal < startOrdinal(set) + kept
  const pod = old
    ? podOf(set, revisions.currentTemplate, revisions.current, ordinal)
    : podOf(set, revisions.updateTemplate, revisions.update, ordinal)
  const missing = claimsOf(set, ordinal).filter(({ metadata }) => !claims.has(metadata.name!))
  return [
    ...missing.flatMap((claim): Change[] => [
      { verb: 'create', resource: PERSISTENT_VOLUME_CLAIMS, object: claim },
      event(
        set,
        'SuccessfulCreate',
        `create Claim ${claim.metadata.name} Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} success`,
      ),
    ]),
    { verb: 'create', resource: PODS, object: pod },
    event(
      set,
      'SuccessfulCreate',
      `create Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`,
    ),
  ]
}

function deleteChanges(set: KubeObject, pod: Pod): Change[] {
  const { namespace, name, uid } = pod.metadata
  return [
    { verb: 'delete', resource: PODS, namespace, name, options: { preconditions: { uid } } },
    event(set, 'SuccessfulDelete', `delete Pod ${name} in StatefulSet ${set.metadata.name} successful`),
  ]
}

function event(set: KubeObject, reason: string, message: string): Change {
  return { verb: 'event', regarding: set, type: 'Normal', reason, message, component: COMPONENT }
}
