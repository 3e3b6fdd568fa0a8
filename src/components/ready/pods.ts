/** Why pods are not ready, and when that is certain to stay so. */
import { DevenvError } from '../../lib/errors.ts'
import type { KubeObject } from '../../lib/kube/object.ts'

const CERTAIN = new Set(['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull'])
/** A program that has crashed this often is broken, not early. */
const CRASHES = 4

interface ContainerStatus {
  name: string
  restartCount?: number
  state?: { waiting?: { reason?: string; message?: string } }
  lastState?: { terminated?: { exitCode?: number; message?: string } }
}

/** `pod x: ContainerCreating`, or undefined when every pod is ready (or there is none). */
export function podsWaiting(pods: KubeObject[]): string | undefined {
  for (const pod of pods) {
    const waiting = statuses(pod).find((status) => status.state?.waiting)?.state?.waiting
    if (waiting?.reason)
      return `pod ${pod.metadata.name}: ${waiting.reason}${waiting.message ? ` (${waiting.message})` : ''}`
    const ready = pod.status?.conditions?.find((condition: { type: string }) => condition.type === 'Ready')
    if (ready?.status !== 'True')
      return `pod ${pod.metadata.name}: ${ready?.reason ?? pod.status?.phase ?? 'not started'}`
  }
  return undefined
}

/** Throws STEP_FAILED for a pod that cannot become ready by waiting: no such image, or it crashes over and over. */
export function throwIfHopeless(pods: KubeObject[]): void {
  for (const pod of pods) {
    for (const status of statuses(pod)) {
      const waiting = status.state?.waiting
      if (waiting?.reason && CERTAIN.has(waiting.reason)) {
        throw new DevenvError(
          'STEP_FAILED',
          `pod ${pod.metadata.name}: ${waiting.reason}: ${waiting.message ?? ''}`,
          {
            fix: `npm run kubectl -- describe pod ${pod.metadata.name} -n ${pod.metadata.namespace}`,
          },
        )
      }
      if (waiting?.reason === 'CrashLoopBackOff' && (status.restartCount ?? 0) >= CRASHES) {
        const code = status.lastState?.terminated?.exitCode
        throw new DevenvError(
          'STEP_FAILED',
          `pod ${pod.metadata.name}: container ${status.name} crashes (exit code ${code ?? 'unknown'}, ${status.restartCount} restarts)`,
          {
            fix: `npm run kubectl -- logs ${pod.metadata.name} -n ${pod.metadata.namespace} --previous`,
          },
        )
      }
    }
  }
}

/** Pods whose labels have everything that the selector asks for. */
export function podsOf(owner: KubeObject | undefined, pods: KubeObject[]): KubeObject[] {
  const wanted = Object.entries((owner?.spec?.selector?.matchLabels ?? {}) as Record<string, string>)
  if (wanted.length === 0) return []
  return pods.filter(
    (pod) =>
      !pod.metadata.deletionTimestamp && wanted.every(([key, value]) => pod.metadata.labels?.[key] === value),
  )
}

function statuses(pod: KubeObject): ContainerStatus[] {
  return [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])]
}
