/** Why a pod is not ready: scheduling, images, containers, probes, in the order in which they come. */
import { pressureOf } from '../components/ready/pressure.ts'
import { parseGoDuration } from '../lib/go-duration.ts'
import type { KubeObject } from '../lib/kube/object.ts'
import { condition } from '../status/conditions.ts'
import { eventTime, lastEvent, type Snapshot } from './snapshot.ts'
import { podTraps } from './traps/pod-traps.ts'
import { type ChainStep, type Explanation, link, type Next } from './why.ts'
import { age, clause, count, secondsUntil, span } from './words.ts'

/** The kubelet's longest back-off. */
const MAX_BACKOFF_SECONDS = 300

export function explainPod(pod: KubeObject, snapshot: Snapshot): Explanation {
  const chain = [scheduled(pod, snapshot)]
  const statuses: any[] = [
    ...(pod.status?.initContainerStatuses ?? []),
    ...(pod.status?.containerStatuses ?? []),
  ]
  for (const status of statuses) chain.push(containerStep(status))
  chain.push(...wordsOf(pod, snapshot))
  if (condition(pod, 'Ready')?.status !== 'True') chain.push(...probeSteps(pod, statuses, snapshot))
  chain.push(readyStep(pod, snapshot.now))
  return { chain, next: nextOf(pod, statuses, snapshot), traps: podTraps([pod], snapshot) }
}

/** What its containers logged before they ended badly. */
export function wordsOf(pod: KubeObject, { lastWords }: Snapshot): ChainStep[] {
  return (pod.status?.containerStatuses ?? []).flatMap(({ name }: any) => {
    const words = lastWords[`${pod.metadata.name}/${name}`]
    return words ? [link('log', name, `Container ${name} logged last: ${words}`)] : []
  })
}

function readyStep({ metadata, status }: KubeObject, now: number): ChainStep {
  const ready: any = condition({ status }, 'Ready')
  const since = ready?.lastTransitionTime ? ` since ${age(now - Date.parse(ready.lastTransitionTime))}` : ''
  if (metadata.deletionTimestamp) {
    const text = `It is ending: it was asked to be gone by ${metadata.deletionTimestamp}.`
    return link('ready', ready?.status === 'True', text)
  }
  if (ready?.status === 'True') return link('ready', true, `The pod is Ready${since}.`)
  const why = ready?.message ? `: ${clause(ready.message)}` : ''
  return link('ready', false, `The pod is not Ready${since}${why}.`)
}

function scheduled(pod: KubeObject, { nodes }: Snapshot): ChainStep {
  const state = condition(pod, 'PodScheduled')
  if (state?.status === 'False') {
    // The scheduler tells a taint only; the node itself tells what it is short of.
    const pressure = pressureOf(nodes)
    const why = clause(state.message ?? state.reason ?? 'no reason given')
    return link('scheduled', false, `No node takes it: ${pressure ? `${pressure.what}; ` : ''}${why}.`)
  }
  if (pod.status?.reason === 'Evicted') {
    const why = clause(pod.status.message ?? 'no reason given')
    return link('scheduled', false, `Node ${pod.spec?.nodeName} evicted it: ${why}.`)
  }
  if (pod.spec?.nodeName) return link('scheduled', true, `It is on node ${pod.spec.nodeName}.`)
  return link('scheduled', null, 'It waits for the scheduler.')
}

function containerStep({ name, state = {}, lastState = {}, restartCount = 0, ready }: any): ChainStep {
  const ended = lastState.terminated
  const restarts =
    restartCount > 0 ? ` ${count(restartCount, 'restart')}${ended ? `, last exit ${exit(ended)}` : ''}.` : ''
  if (state.waiting?.reason === 'CrashLoopBackOff') {
    const text = `Container ${name} has ended ${count(restartCount + 1, 'time')}, last with ${ended ? exit(ended) : 'no state'}; it waits ${span(backoffSeconds(state))} between starts.`
    return link('container', 'CrashLoopBackOff', text, { restarts: restartCount })
  }
  if (state.waiting) {
    const { reason = 'waiting', message } = state.waiting
    return link(
      'container',
      reason,
      `Container ${name} waits: ${reason}${message ? `, ${clause(message)}` : ''}.${restarts}`,
    )
  }
  if (state.terminated) {
    return link(
      'container',
      'terminated',
      `Container ${name} has ended: ${exit(state.terminated)}.${restarts}`,
    )
  }
  if (state.running) {
    return link(
      'container',
      'running',
      `Container ${name} runs and is ${ready ? '' : 'not '}ready.${restarts}`,
    )
  }
  return link('container', null, `Container ${name} has no state yet.`)
}

function exit({ exitCode, reason, message, signal }: any): string {
  const detail = message ? ` (${String(message).trim().slice(0, 200)})` : ''
  const hint = reason === 'OOMKilled' ? ', over its memory limit' : ''
  return `${reason ?? 'Error'}, code ${exitCode}${signal ? `, signal ${signal}` : ''}${hint}${detail}`
}

function probeSteps(pod: KubeObject, statuses: any[], snapshot: Snapshot): ChainStep[] {
  const failed = lastEvent(snapshot, pod, ['Unhealthy'])
  return (pod.spec?.containers ?? []).flatMap((container: any) => {
    const status = statuses.find(({ name }) => name === container.name)
    if (status?.ready || !status?.state?.running) return []
    // The others wait until the start is over.
    const starting = container.startupProbe !== undefined && status.started === false
    const probe = starting ? container.startupProbe : container.readinessProbe
    if (!probe) return []
    const { periodSeconds = 10, failureThreshold = 3, successThreshold = 1 } = probe
    const often = `Its ${starting ? 'startup' : 'readiness'} probe asks ${probeText(probe)} every ${span(periodSeconds)}`
    const needs = starting
      ? `1 success ends the start, ${count(failureThreshold, 'failure')} restart it`
      : `${successThreshold === 1 ? '1 success makes' : `${successThreshold} successes make`} it ready, ${count(failureThreshold, 'failure')} unready`
    const last = failed ? ` Last: ${clause(failed.message ?? '')}.` : ''
    return [link('probe', periodSeconds, `${often}; ${needs}.${last}`)]
  })
}

function probeText({ httpGet, tcpSocket, exec, grpc }: any): string {
  if (httpGet) return `GET ${httpGet.path ?? '/'} on port ${httpGet.port}`
  if (tcpSocket) return `TCP port ${tcpSocket.port}`
  if (exec) return `\`${(exec.command ?? []).join(' ')}\``
  return `gRPC on port ${grpc?.port}`
}

function nextOf(pod: KubeObject, statuses: any[], snapshot: Snapshot): Next {
  if (condition(pod, 'Ready')?.status === 'True')
    return { text: 'Nothing: it stays ready while its probes pass.' }
  if (condition(pod, 'PodScheduled')?.status === 'False') {
    const pressure = pressureOf(snapshot.nodes)
    const when = pressure ? 'the node is no longer under pressure' : 'its taints and labels fit'
    return { text: `When a node has room or ${when}, the scheduler places it at once.` }
  }
  for (const { state = {}, lastState = {} } of statuses) {
    const reason: string | undefined = state.waiting?.reason
    if (reason === 'CrashLoopBackOff') {
      const backoff = backoffSeconds(state)
      const left = secondsUntil(
        (Date.parse(lastState.terminated?.finishedAt ?? '') || snapshot.now) + backoff * 1000,
        snapshot.now,
      )
      const text = `In ${span(left)} it is started again.`
      return { atSeconds: left, text }
    }
    if (reason === 'ErrImagePull' || reason === 'ImagePullBackOff') {
      const text = `The image is tried again within ${span(MAX_BACKOFF_SECONDS)}; a right image rolls out at once.`
      return { atSeconds: MAX_BACKOFF_SECONDS, text }
    }
    if (reason === 'CreateContainerConfigError') {
      return {
        text: 'The kubelet tries again every few seconds; the Secret or ConfigMap it misses mends it.',
      }
    }
  }
  const probes = (pod.spec?.containers ?? []).flatMap(({ name, startupProbe, readinessProbe }: any) => {
    const starting = startupProbe && statuses.find((one) => one.name === name)?.started === false
    return (starting ? startupProbe : readinessProbe) ?? []
  })
  const period = Math.max(0, ...probes.map(({ periodSeconds = 10 }: any) => periodSeconds))
  if (period === 0) return { text: 'As soon as all its containers run.' }
  const failed = lastEvent(snapshot, pod, ['Unhealthy'])
  const left = failed ? secondsUntil(eventTime(failed) + period * 1000, snapshot.now) : period
  return { atSeconds: left, text: `At the next look of its probe, within ${span(period)}.` }
}

/** The kubelet tells it in the message only: `back-off 1m20s restarting failed container=…`. */
function backoffSeconds(state: any): number {
  return (parseGoDuration(/back-off (\S+)/.exec(state.waiting?.message ?? '')?.[1] ?? '') ?? 0) / 1000
}
