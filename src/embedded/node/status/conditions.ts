/** A pod's conditions as the kubelet writes them (pkg/kubelet/status/generate.go). */
import { rfc3339 } from '../../../lib/clock.ts'
import type { KubeObject } from '../../objects.ts'
import type { Phase, PodView } from './phase.ts'

export interface Condition {
  type: string
  status: 'True' | 'False' | 'Unknown'
  reason?: string
  message?: string
  observedGeneration?: number
  lastTransitionTime: string
}

interface Verdict {
  status: 'True' | 'False'
  reason?: string
  message?: string
}

const OURS = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled']

/** The pod's conditions now: ours computed, anyone else's (readiness gates, say) kept. */
export function podConditions(
  pod: KubeObject,
  view: PodView,
  phase: Phase,
  sandboxReady: boolean,
  nowMs: number,
): Condition[] {
  const containersReady = readiness(view, phase)
  const verdicts: [string, Verdict][] = [
    ['PodReadyToStartContainers', { status: sandboxReady ? 'True' : 'False' }],
    ['Initialized', initialized(view, phase)],
    ['Ready', withGates(pod, containersReady)],
    ['ContainersReady', containersReady],
    ['PodScheduled', { status: 'True' }],
  ]
  const before: Condition[] = pod.status?.conditions ?? []
  const computed = verdicts.map(([type, verdict]) => {
    const old = before.find((condition) => condition.type === type)
    return {
      type,
      ...verdict,
      ...(pod.metadata.generation ? { observedGeneration: pod.metadata.generation } : {}),
      lastTransitionTime: old?.status === verdict.status ? old.lastTransitionTime : rfc3339(nowMs),
    }
  })
  return [...computed, ...before.filter((condition) => !OURS.includes(condition.type))]
}

function initialized(view: PodView, phase: Phase): Verdict {
  if (phase === 'Succeeded') return { status: 'True', reason: 'PodCompleted' }
  const incomplete = view.init.filter((container) =>
    container.sidecar ? !container.started : !(container.state === 'terminated' && container.exitCode === 0),
  )
  if (incomplete.length === 0) return { status: 'True' }
  return {
    status: 'False',
    reason: 'ContainersNotInitialized',
    message: `containers with incomplete status: [${names(incomplete)}]`,
  }
}

function readiness(view: PodView, phase: Phase): Verdict {
  if (phase === 'Succeeded') return { status: 'False', reason: 'PodCompleted' }
  if (phase === 'Failed') return { status: 'False', reason: 'PodFailed' }
  const unready = [...view.init.filter((container) => container.sidecar), ...view.main].filter(
    (one) => !one.ready,
  )
  if (unready.length === 0) return { status: 'True' }
  return {
    status: 'False',
    reason: 'ContainersNotReady',
    message: `containers with unready status: [${names(unready)}]`,
  }
}

function withGates(pod: KubeObject, containersReady: Verdict): Verdict {
  if (containersReady.status === 'False') return containersReady
  const missing = (pod.spec.readinessGates ?? []).flatMap(({ conditionType }: { conditionType: string }) => {
    const condition = pod.status?.conditions?.find((one: Condition) => one.type === conditionType)
    if (!condition)
      return [`corresponding condition of pod readiness gate "${conditionType}" does not exist.`]
    return condition.status === 'True'
      ? []
      : [`the status of pod readiness gate "${conditionType}" is not "True", but ${condition.status}`]
  })
  if (missing.length === 0) return containersReady
  return { status: 'False', reason: 'ReadinessGatesNotReady', message: missing.join(', ') }
}

function names(containers: { name: string }[]): string {
  return containers.map((container) => container.name).join(' ')
}
