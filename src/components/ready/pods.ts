/** Why pods are not ready, in words. */
import type { KubeObject } from '../../lib/kube/object.ts'

/** What the kubelet reports of a container. */
export interface ContainerStatus {
  name: string
  restartCount?: number
  ready?: boolean
  state?: {
    waiting?: { reason?: string; message?: string }
    running?: { startedAt?: string }
    terminated?: { exitCode?: number }
  }
  lastState?: {
    terminated?: { exitCode?: number; reason?: string; startedAt?: string; finishedAt?: string }
  }
}

export interface Condition {
  type: string
  status: string
  reason?: string
  message?: string
  lastTransitionTime?: string
}

/** A program that began again so lately may end again, whatever its pod's conditions say. */
const RESTART_SETTLES_MS = 10_000
/** Without a readiness probe a pod is called ready before its program has done anything. */
const START_SETTLES_MS = 2_000

/** `pod x: ContainerCreating`, or undefined when every pod is ready (or there is none). */
export function podsWaiting(pods: KubeObject[]): string | undefined {
  for (const pod of pods) {
    const waiting = statusesOf(pod).find((status) => status.state?.waiting)?.state?.waiting
    if (waiting?.reason)
      return `pod ${pod.metadata.name}: ${waiting.reason}${waiting.message ? ` (${waiting.message})` : ''}`
    const ready = conditionOf(pod, 'Ready')
    if (ready?.status !== 'True')
      return `pod ${pod.metadata.name}: ${ready?.reason ?? pod.status?.phase ?? 'not started'}`
  }
  return undefined
}

/** A pod that is called ready but whose program has only just begun: one that crashes soon looks the same. */
export function podsUnsettled(pods: KubeObject[], now: number): string | undefined {
  for (const pod of pods)
    for (const { name, restartCount = 0, state, lastState } of statusesOf(pod)) {
      const began = Date.parse(state?.running?.startedAt ?? '')
      const probed = containersOf(pod).some((one) => one.name === name && one.readinessProbe)
      const settles = restartCount > 0 ? RESTART_SETTLES_MS : probed ? 0 : START_SETTLES_MS
      if (Number.isNaN(began) || now - began >= settles) continue
      const code = lastState?.terminated?.exitCode
      return restartCount > 0
        ? `pod ${pod.metadata.name}: container ${name} has just begun again${code === undefined ? '' : ` after exit code ${code}`}`
        : `pod ${pod.metadata.name}: container ${name} has just begun`
    }
  return undefined
}

/** Evicted, or ended: its controller has made another in its place, and the object stays for who wants to look at it. */
export function isOver({ status }: KubeObject): boolean {
  return status?.phase === 'Failed' || status?.phase === 'Succeeded'
}

/** Pods whose labels have everything that the selector asks for. */
export function podsOf(owner: KubeObject | undefined, pods: KubeObject[]): KubeObject[] {
  const wanted = Object.entries((owner?.spec?.selector?.matchLabels ?? {}) as Record<string, string>)
  if (wanted.length === 0) return []
  return pods.filter(
    (pod) =>
      !pod.metadata.deletionTimestamp &&
      !isOver(pod) &&
      wanted.every(([key, value]) => pod.metadata.labels?.[key] === value),
  )
}

export function statusesOf(pod: KubeObject): ContainerStatus[] {
  return [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])]
}

export function conditionOf(object: KubeObject | undefined, type: string): Condition | undefined {
  return (object?.status?.conditions as Condition[] | undefined)?.find((condition) => condition.type === type)
}

function containersOf({ spec }: KubeObject): { name: string; readinessProbe?: object }[] {
  return spec?.containers ?? []
}
