/** Why pods are not ready, as one short phrase. */
import { isOver } from '../components/ready/pods.ts'
import type { KubeObject } from '../lib/kube/object.ts'
import { condition } from './conditions.ts'

/** True when the workload's label selector takes the pod. Expressions are not used by the stack's workloads. */
export function selects(workload: KubeObject, pod: KubeObject): boolean {
  const wanted = Object.entries((workload.spec?.selector?.matchLabels ?? {}) as Record<string, string>)
  return (
    wanted.length > 0 &&
    pod.metadata.namespace === workload.metadata.namespace &&
    wanted.every(([key, value]) => pod.metadata.labels?.[key] === value)
  )
}

/** Reasons that go away by themselves while a pod starts. */
const STARTING = new Set(['ContainerCreating', 'PodInitializing'])

export interface PodTrouble {
  /** `2 pods: ImagePullBackOff, no runner for image x`. */
  text: string
  /** False while the pods are merely starting. */
  failing: boolean
}

/** The worst trouble among the pods that are not ready, or undefined when all are. */
export function podTrouble(pods: KubeObject[]): PodTrouble | undefined {
  const unready = pods
    .filter(
      (pod) => !pod.metadata.deletionTimestamp && !isOver(pod) && condition(pod, 'Ready')?.status !== 'True',
    )
    .sort((a, b) => createdAt(b) - createdAt(a))
  // Those of a template that was replaced say nothing of the newest.
  const troubles = unready.filter((pod) => templateOf(pod) === templateOf(unready[0])).map(troubleOf)
  const worst = troubles.find((trouble) => trouble.failing) ?? troubles[0]
  if (!worst) return undefined
  const count = troubles.filter((trouble) => trouble.text === worst.text).length
  return { ...worst, text: `${count} ${count === 1 ? 'pod' : 'pods'}: ${worst.text}` }
}

const HASHES = ['rollouts-pod-template-hash', 'pod-template-hash', 'controller-revision-hash']

/** What tells the pods of one template of a workload from those of another. */
function templateOf(pod: KubeObject | undefined): string | undefined {
  return HASHES.map((label) => pod?.metadata.labels?.[label]).find(Boolean)
}

function createdAt({ metadata }: KubeObject): number {
  return Date.parse(metadata.creationTimestamp ?? '') || 0
}

function troubleOf(pod: KubeObject): PodTrouble {
  const scheduled = condition(pod, 'PodScheduled')
  if (scheduled?.status === 'False') {
    return {
      text: `not scheduled, ${scheduled.message ?? scheduled.reason ?? 'no reason given'}`,
      failing: true,
    }
  }
  const containers: any[] = [
    ...(pod.status?.initContainerStatuses ?? []),
    ...(pod.status?.containerStatuses ?? []),
  ]
  for (const { state, restartCount = 0, lastState } of containers) {
    if (state?.waiting?.reason === 'CrashLoopBackOff' && lastState?.terminated) {
      // Its message has only the names again.
      return { text: `CrashLoopBackOff, last exit code ${lastState.terminated.exitCode}`, failing: true }
    }
    if (state?.waiting) {
      const { reason = 'waiting', message } = state.waiting
      return { text: short(message ? `${reason}, ${message}` : reason), failing: !STARTING.has(reason) }
    }
    if (state?.terminated && state.terminated.exitCode !== 0) {
      const { reason = 'Error', exitCode } = state.terminated
      return { text: `${reason}, exit code ${exitCode}`, failing: true }
    }
    if (restartCount > 0 && lastState?.terminated) {
      const { exitCode } = lastState.terminated
      return {
        text: `running again after ${restartCount} restarts, last exit code ${exitCode}`,
        failing: true,
      }
    }
  }
  if (pod.status?.phase === 'Failed') {
    return { text: short(pod.status.message ?? pod.status.reason ?? 'Failed'), failing: true }
  }
  return {
    text: containers.some(({ state }) => state?.running) ? 'running, not ready yet' : 'starting',
    failing: false,
  }
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length <= 140 ? line : `${line.slice(0, 139)}…`
}
