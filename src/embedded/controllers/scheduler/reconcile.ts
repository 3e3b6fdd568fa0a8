/** Where one pod goes: bound to a node, or told why not. */
import type { KubeObject } from '../../objects.ts'
import type { Change } from '../runtime/changes.ts'
import { setCondition } from '../shared/conditions.ts'
import { isTerminating, type Pod } from '../shared/pods.ts'
import { PODS } from '../shared/resources.ts'
import { statusChanges } from '../shared/status.ts'
import { matchesNode, untolerated } from './affinity.ts'
import { insufficient } from './resources.ts'

export const SCHEDULER = 'default-scheduler'

/** Ours to place: no node yet, not going, and not meant for another scheduler. */
export function isPending(pod: Pod): boolean {
  return !pod.spec?.nodeName && !isTerminating(pod) && (pod.spec?.schedulerName ?? SCHEDULER) === SCHEDULER
}

export interface SchedulerInput {
  pod: Pod
  nodes: KubeObject[]
  /** All pods of the cluster. */
  pods: Pod[]
  now: number
}

/** The pod is bound to the first node that takes it. */
export function reconcilePod(input: SchedulerInput): Change[] {
  const { pod, nodes, now } = input
  if (!isPending(pod)) return []
  if ((pod.spec.schedulingGates ?? []).length > 0) {
    const message = 'Scheduling is blocked due to non-empty scheduling gates'
    return scheduledChanges(pod, { status: 'False', reason: 'SchedulingGated', message }, now)
  }
  const refusals: string[] = []
  for (const node of nodes) {
    const onNode = input.pods.filter((other) => other.spec?.nodeName === node.metadata.name)
    const reasons = refusalsOf(pod, node, onNode)
    if (reasons.length === 0) return bind(pod, node, now)
    refusals.push(...reasons)
  }
  return refuse(pod, refusals, nodes.length, now)
}

function refusalsOf(pod: Pod, node: KubeObject, onNode: Pod[]): string[] {
  const taint = untolerated(pod, node)
  if (taint) return [`node(s) had untolerated taint(s) ${taint}`]
  if (node.spec?.unschedulable) return ['node(s) were unschedulable']
  if (!matchesNode(pod, node)) return ["node(s) didn't match Pod's node affinity/selector"]
  return insufficient(pod, node, onNode)
}

function bind(pod: Pod, node: KubeObject, now: number): Change[] {
  const { namespace, name } = pod.metadata
  const nodeName = node.metadata.name
  return [
    { verb: 'patch', resource: PODS, namespace, name, patch: { spec: { nodeName } }, subresource: 'binding' },
    ...scheduledPatch(pod, { status: 'True', reason: '', message: '' }, now),
    {
      verb: 'event',
      regarding: pod,
      type: 'Normal',
      reason: 'Scheduled',
      message: `Successfully assigned ${namespace}/${name} to ${nodeName}`,
      component: SCHEDULER,
    },
  ]
}

function refuse(pod: Pod, refusals: string[], nodes: number, now: number): Change[] {
  const counts = [...Map.groupBy(refusals, (reason) => reason)].map(
    ([reason, all]) => `${all.length} ${reason}`,
  )
  const message =
    nodes === 0
      ? 'no nodes available to schedule pods'
      : `0/${nodes} nodes are available: ${counts.sort().join(', ')}. ${preemption(refusals, nodes)}`
  const changes = scheduledChanges(pod, { status: 'False', reason: 'Unschedulable', message }, now)
  if (changes.length === 0) return []
  const reason = 'FailedScheduling'
  return [
    ...changes,
    { verb: 'event', regarding: pod, type: 'Warning', reason, message, component: SCHEDULER },
  ]
}

/** Nothing is ever preempted here: every pod has the same priority. */
function preemption(refusals: string[], nodes: number): string {
  const full = refusals.some((reason) => reason.startsWith('Insufficient') || reason === 'Too many pods')
  const why = full
    ? `${nodes} No preemption victims found for incoming pod.`
    : `${nodes} Preemption is not helpful for scheduling.`
  return `preemption: 0/${nodes} nodes are available: ${why}`
}

interface Outcome {
  status: 'True' | 'False'
  reason: string
  message: string
}

function scheduledChanges(pod: Pod, outcome: Outcome, now: number): Change[] {
  return statusChanges(PODS, pod, { ...pod.status, conditions: conditionsOf(pod, outcome, now) })
}

/** As a patch, for a pod that the same reconcile writes twice: the second write must not be stale. */
function scheduledPatch(pod: Pod, outcome: Outcome, now: number): Change[] {
  const { namespace, name } = pod.metadata
  const patch = { status: { conditions: conditionsOf(pod, outcome, now) } }
  return [{ verb: 'patch', resource: PODS, namespace, name, patch, subresource: 'status' }]
}

function conditionsOf(pod: Pod, { status, reason, message }: Outcome, now: number) {
  const { generation } = pod.metadata
  const condition = {
    type: 'PodScheduled',
    status,
    lastProbeTime: null,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    ...(reason ? { reason, message } : {}),
  }
  return setCondition(pod.status?.conditions ?? [], condition as any, now)
}
