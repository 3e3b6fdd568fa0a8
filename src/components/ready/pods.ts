/** Why pods are not ready, and when that is certain to stay so. */
import { DevenvError } from '../../lib/errors.ts'
import type { KubeObject } from '../../lib/kube/object.ts'

/** Reasons that no waiting mends. */
const CERTAIN = new Set([
  'InvalidImageName',
  'ErrImageNeverPull',
  'CreateContainerError',
  'RunContainerError',
])
const PULLING = new Set(['ErrImagePull', 'ImagePullBackOff'])
/** The registry's own no, or nobody to ask; anything else may be a network that is slow today. */
const DEFINITE_NO =
  /not found|manifest unknown|denied|unauthorized|authorization failed|no basic auth|forbidden|no such host|x509|images\.yaml|invalid reference/i
/** What mends a refusal, where it is known. */
const PULL_FIXES: [RegExp, string][] = [
  [
    /x509/i,
    'The node does not trust that registry: set NODE_EXTRA_CA_CERTS to a file (PEM) with its CA, npm run down, then npm run up.',
  ],
  [
    /denied|unauthorized|authorization failed|no basic auth|forbidden/i,
    'The registry wants a login: docker login there, then npm run up -- --images team puts it into the stack’s pull secret.',
  ],
]
/** How long a pull may fail for other reasons, and how long a pod may find no node, in milliseconds. */
const PULL_PATIENCE_MS = 120_000
const SCHEDULE_PATIENCE_MS = 15_000
/** When this command began. */
export const STARTED_AT = Date.now() - process.uptime() * 1000
/** A program that has crashed this often is broken, not early. */
const CRASHES = 4

interface ContainerStatus {
  name: string
  restartCount?: number
  state?: { waiting?: { reason?: string; message?: string } }
  lastState?: { terminated?: { exitCode?: number; message?: string } }
}

interface Condition {
  type: string
  status: string
  reason?: string
  message?: string
  lastTransitionTime?: string
}

/** `pod x: ContainerCreating`, or undefined when every pod is ready (or there is none). */
export function podsWaiting(pods: KubeObject[]): string | undefined {
  for (const pod of pods) {
    const waiting = statuses(pod).find((status) => status.state?.waiting)?.state?.waiting
    if (waiting?.reason)
      return `pod ${pod.metadata.name}: ${waiting.reason}${waiting.message ? ` (${waiting.message})` : ''}`
    const ready = conditionOf(pod, 'Ready')
    if (ready?.status !== 'True')
      return `pod ${pod.metadata.name}: ${ready?.reason ?? pod.status?.phase ?? 'not started'}`
  }
  return undefined
}

/**
 * Throws STEP_FAILED for a pod that cannot become ready by waiting: no such image, no node for it, or it
 * crashes over and over. Times in milliseconds; what was so before `since` may have been mended meanwhile.
 */
export function throwIfHopeless(pods: KubeObject[], now = Date.now(), since = STARTED_AT): void {
  for (const pod of pods) {
    if (pod.metadata.deletionTimestamp) continue
    const why =
      unschedulable(pod, now, since) ??
      statuses(pod)
        .map((status) => broken(pod, status, now))
        .find(Boolean)
    if (why) throw why
  }
}

/** Whether a container of the pod waits for an image that could not be had. */
export function failsToPull(pod: KubeObject): boolean {
  return statuses(pod).some(({ state }) => PULLING.has(state?.waiting?.reason ?? ''))
}

/** Nodes do not grow by waiting; the patience is for one that is just joining. */
function unschedulable(pod: KubeObject, now: number, since: number): DevenvError | undefined {
  const scheduled = conditionOf(pod, 'PodScheduled')
  if (scheduled?.status !== 'False' || scheduled.reason !== 'Unschedulable') return undefined
  const from = Math.max(Date.parse(scheduled.lastTransitionTime ?? ''), since)
  if (now - from < SCHEDULE_PATIENCE_MS) return undefined
  return failure(pod, `no node can run it: ${scheduled.message ?? ''}`, 'describe pod')
}

function broken(pod: KubeObject, status: ContainerStatus, now: number): DevenvError | undefined {
  const { reason, message = '' } = status.state?.waiting ?? {}
  if (reason === undefined) return undefined
  const age = now - Date.parse(conditionOf(pod, 'PodScheduled')?.lastTransitionTime ?? '')
  const hopelessPull = PULLING.has(reason) && (DEFINITE_NO.test(message) || age > PULL_PATIENCE_MS)
  if (hopelessPull) {
    const mend = PULL_FIXES.find(([answer]) => answer.test(message))?.[1]
    return failure(pod, `${reason}: ${message}`, 'describe pod', mend)
  }
  if (CERTAIN.has(reason)) return failure(pod, `${reason}: ${message}`, 'describe pod')
  if (reason !== 'CrashLoopBackOff' || (status.restartCount ?? 0) < CRASHES) return undefined
  const code = status.lastState?.terminated?.exitCode ?? 'unknown'
  return failure(
    pod,
    `container ${status.name} crashes (exit code ${code}, ${status.restartCount} restarts)`,
    'logs --previous',
  )
}

function failure(pod: KubeObject, why: string, look: string, mend?: string): DevenvError {
  const { name, namespace } = pod.metadata
  return new DevenvError('STEP_FAILED', `pod ${name}: ${why}`, {
    fix: mend ?? `npm run kubectl -- ${look} ${name} -n ${namespace}`,
  })
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

function conditionOf(pod: KubeObject, type: string): Condition | undefined {
  return (pod.status?.conditions as Condition[] | undefined)?.find((condition) => condition.type === type)
}
