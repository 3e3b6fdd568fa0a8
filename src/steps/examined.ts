/** A closer look at what a failure is about: its last event, what its program logged last, and what mends it. */
import { lastEventOf } from '../components/ready/events.ts'
import { lookAt } from '../components/ready/hopeless.ts'
import { statusesOf } from '../components/ready/pods.ts'
import { snapshotSource } from '../explain/gather.ts'
import { explainPod } from '../explain/pod.ts'
import { causesFirst } from '../explain/why.ts'
import { type DevenvError, retold } from '../lib/errors.ts'
import type { KubeClient } from '../lib/kube/client.ts'
import type { KubeObject } from '../lib/kube/object.ts'
import type { RunRecord } from '../lib/record.ts'

/** A cluster that hangs must not hide the failure. */
const LOOK_MS = 10_000
const LINES = 6
const LINE_LENGTH = 300

/** The same error with what can be found out about its pod; unchanged where it has none, or nothing is found. */
export async function examined(
  error: DevenvError,
  record: RunRecord,
  kube: KubeClient,
): Promise<DevenvError> {
  const { about } = error
  if (about?.kind !== 'Pod') return error
  try {
    const signal = AbortSignal.timeout(LOOK_MS)
    await using source = await snapshotSource({ ...record, namespace: about.namespace })
    const snapshot = await source.look(signal)
    const pod = snapshot.pods.find(({ metadata }) => metadata.name === about.name)
    if (!pod) return error
    const event = lastEventOf([pod], snapshot.events)
    const cause = causesFirst(explainPod(pod, snapshot).traps).find((trap) => trap.cause)
    const known = error.fix === undefined || error.fix === lookAt(about) ? cause : undefined
    const fix = known ? `${known.fix} Then npm run up resumes.${canaryFix(pod)}` : error.fix
    const details = [
      ...(event && !error.message.includes(event.replace(/^\w+: (Error: )?/, ''))
        ? [`last event: ${event}`]
        : []),
      ...(await lastLines(kube, pod, signal)),
    ]
    const message = [error.message, ...details.map((line) => `  ${line}`)].join('\n')
    return retold(error, { message, fix })
  } catch {
    return error
  }
}

/** A release that cannot start need not be mended to have the stable version whole again. */
function canaryFix({ metadata }: KubeObject): string {
  return metadata.labels?.['rollouts-pod-template-hash']
    ? ' Or npm run rollout -- abort goes back to the stable version.'
    : ''
}

/** What the container that holds the pod up logged last; empty while it never ran. */
async function lastLines(kube: KubeClient, pod: KubeObject, signal: AbortSignal): Promise<string[]> {
  const status = statusesOf(pod).find(
    ({ state, ready }) =>
      state?.waiting ?? (state?.terminated ? state.terminated.exitCode !== 0 : state?.running && !ready),
  )
  if (!status) return []
  const previous = status.state?.waiting !== undefined
  if (previous && status.lastState?.terminated === undefined) return []
  // The container may have begun again, or ended, since its status was read.
  for (const which of [previous, !previous]) {
    const lines = await logOf(kube, pod, { container: status.name, previous: which, signal })
    if (lines.length > 0) return [`container ${status.name} logged last:`, ...lines]
  }
  return [`container ${status.name} logged nothing`]
}

/** Empty where there is no log to be had. */
async function logOf(
  kube: KubeClient,
  { metadata: { name, namespace = '' } }: KubeObject,
  options: { container: string; previous: boolean; signal: AbortSignal },
): Promise<string[]> {
  const lines: string[] = []
  try {
    // What the kubelet answers for a container that it has removed.
    for await (const line of kube.logs(namespace, name, { ...options, tailLines: LINES }))
      if (line.trim() !== '' && !line.startsWith('unable to retrieve container logs'))
        lines.push(`  ${line.slice(0, LINE_LENGTH)}`)
  } catch {
    // No such container any more: the failure stands without its log.
  }
  return lines
}
