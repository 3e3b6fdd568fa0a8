/** kubectl's columns of pods: READY, STATUS and RESTARTS are told from container statuses. */
import type { KubeObject } from '../../objects.ts'
import { AGE, type Column, NAME, text, wide } from './column.ts'
import { humanDuration } from './duration.ts'

interface Summary {
  ready: number
  total: number
  status: string
  restarts: number
  /** When a container last ended before a restart, in ms; 0 when none did. */
  lastRestart: number
}

const summary = (pod: KubeObject) => summarize(pod)

export const PODS: Column[] = [
  NAME,
  text('Ready', (pod) => {
    const { ready, total } = summary(pod)
    return `${ready}/${total}`
  }),
  text('Status', (pod) => summary(pod).status),
  text('Restarts', (pod, now) => {
    const { restarts, lastRestart } = summary(pod)
    return restarts && lastRestart
      ? `${restarts} (${humanDuration(now - lastRestart)} ago)`
      : String(restarts)
  }),
  AGE,
  wide(text('IP', (pod) => pod.status?.podIPs?.[0]?.ip ?? pod.status?.podIP ?? '<none>')),
  wide(text('Node', (pod) => pod.spec?.nodeName || '<none>')),
  wide(text('Nominated Node', (pod) => pod.status?.nominatedNodeName || '<none>')),
  wide(text('Readiness Gates', readinessGates)),
]

function readinessGates(pod: KubeObject): string {
  const gates: any[] = pod.spec?.readinessGates ?? []
  if (!gates.length) return '<none>'
  const met = gates.filter((gate) => hasCondition(pod, gate.conditionType))
  return `${met.length}/${gates.length}`
}

function hasCondition(pod: KubeObject, type: string): boolean {
  return (pod.status?.conditions ?? []).some((each: any) => each.type === type && each.status === 'True')
}

/** The rules of pkg/printers/internalversion printPod. */
function summarize(pod: KubeObject): Summary {
  const status = pod.status ?? {}
  const sidecars = new Set<string>(
    (pod.spec?.initContainers ?? [])
      .filter((each: any) => each.restartPolicy === 'Always')
      .map((each: any) => each.name),
  )
  const gated = (status.conditions ?? []).some(
    (each: any) => each.type === 'PodScheduled' && each.reason === 'SchedulingGated',
  )
  const start: Summary = {
    ready: 0,
    total: (pod.spec?.containers ?? []).length + sidecars.size,
    status: gated ? 'SchedulingGated' : (status.reason ?? status.phase ?? ''),
    restarts: 0,
    lastRestart: 0,
  }
  const { initializing, summary: afterInit } = initSummary(pod, start, sidecars)
  const result =
    !initializing || hasCondition(pod, 'Initialized') ? mainSummary(pod, afterInit, sidecars) : afterInit
  if (pod.metadata.deletionTimestamp) {
    if (status.reason === 'NodeLost') result.status = 'Unknown'
    else if (status.phase !== 'Succeeded' && status.phase !== 'Failed') result.status = 'Terminating'
  }
  return result
}

function initSummary(
  pod: KubeObject,
  start: Summary,
  sidecars: Set<string>,
): { initializing: boolean; summary: Summary } {
  const summary = { ...start }
  const statuses: any[] = pod.status?.initContainerStatuses ?? []
  for (const [position, each] of statuses.entries()) {
    countRestarts(summary, each)
    const { terminated, waiting } = each.state ?? {}
    if (terminated?.exitCode === 0) continue
    if (sidecars.has(each.name) && each.started) {
      if (each.ready) summary.ready++
      continue
    }
    if (terminated) summary.status = `Init:${ending(terminated)}`
    else if (waiting?.reason && waiting.reason !== 'PodInitializing')
      summary.status = `Init:${waiting.reason}`
    else summary.status = `Init:${position}/${pod.spec.initContainers.length}`
    return { initializing: true, summary }
  }
  return { initializing: false, summary }
}

function mainSummary(pod: KubeObject, afterInit: Summary, sidecars: Set<string>): Summary {
  const summary = { ...afterInit, restarts: 0, lastRestart: 0 }
  for (const each of pod.status?.initContainerStatuses ?? [])
    if (sidecars.has(each.name)) countRestarts(summary, each)
  let running = false
  for (const each of [...(pod.status?.containerStatuses ?? [])].reverse()) {
    countRestarts(summary, each)
    const { waiting, terminated, running: now } = each.state ?? {}
    if (waiting?.reason) summary.status = waiting.reason
    else if (terminated) summary.status = ending(terminated)
    else if (each.ready && now) {
      running = true
      summary.ready++
    }
  }
  if (summary.status === 'Completed' && running)
    summary.status = hasCondition(pod, 'Ready') ? 'Running' : 'NotReady'
  return summary
}

function countRestarts(summary: Summary, status: any): void {
  summary.restarts += status.restartCount ?? 0
  const ended = Date.parse(status.lastState?.terminated?.finishedAt ?? '')
  if (ended > summary.lastRestart) summary.lastRestart = ended
}

function ending(terminated: any): string {
  if (terminated.reason) return terminated.reason
  return terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode ?? 0}`
}
