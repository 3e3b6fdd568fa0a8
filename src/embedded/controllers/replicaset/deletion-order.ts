/** Which pods go first when there are too many: the order of controller_utils.go's ActivePodsWithRanks. */
import { type Pod, podCondition, readySince } from '../shared/pods.ts'

export const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost'

const PHASE_RANK: Record<string, number> = { Pending: 0, Unknown: 1, Running: 2 }

/**
 * Picks `count` of `pods`, the most dispensable first. `related` are the active pods of all ReplicaSets of
 * the same owner: a node that holds more of them gives up one sooner.
 */
export function podsToDelete(pods: Pod[], related: Pod[], count: number, nowMs: number): Pod[] {
  const perNode = new Map<string, number>()
  for (const pod of related) {
    const node = pod.spec?.nodeName
    if (node) perNode.set(node, (perNode.get(node) ?? 0) + 1)
  }
  const crowd = (pod: Pod) => perNode.get(pod.spec?.nodeName ?? '') ?? 0
  return pods.toSorted((a, b) => compare(a, b, crowd, nowMs)).slice(0, count)
}

/** Negative: `a` goes before `b`. The first difference decides. */
function compare(a: Pod, b: Pod, crowd: (pod: Pod) => number, nowMs: number): number {
  const readyA = readySince(a)
  const readyB = readySince(b)
  return (
    Number(Boolean(a.spec?.nodeName)) - Number(Boolean(b.spec?.nodeName)) ||
    phaseRank(a) - phaseRank(b) ||
    Number(isReadyRank(a)) - Number(isReadyRank(b)) ||
    deletionCost(a) - deletionCost(b) ||
    crowd(b) - crowd(a) ||
    (readyA !== undefined && readyB !== undefined ? byAge(readyA, readyB, nowMs) : 0) ||
    restarts(b) - restarts(a) ||
    byAge(Date.parse(a.metadata.creationTimestamp), Date.parse(b.metadata.creationTimestamp), nowMs) ||
    (a.metadata.uid < b.metadata.uid ? -1 : 1)
  )
}

function phaseRank(pod: Pod): number {
  return PHASE_RANK[pod.status?.phase ?? 'Pending'] ?? 1
}

function isReadyRank(pod: Pod): boolean {
  return podCondition(pod, 'Ready')?.status === 'True'
}

function deletionCost(pod: Pod): number {
  return Number.parseInt(pod.metadata.annotations?.[DELETION_COST] ?? '0', 10) || 0
}

function restarts(pod: Pod): number {
  const counts: number[] = (pod.status?.containerStatuses ?? []).map(
    (status: { restartCount?: number }) => status.restartCount ?? 0,
  )
  return Math.max(0, ...counts)
}

/** The younger first, where the ages differ by a power of two: small differences between old pods say nothing. */
function byAge(a: number, b: number, nowMs: number): number {
  return logAge(nowMs - a) - logAge(nowMs - b)
}

function logAge(ageMs: number): number {
  return ageMs <= 0 ? -1 : Math.floor(Math.log2(ageMs / 1000))
}
