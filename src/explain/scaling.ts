/** Why a workload has its replicas: queue → trigger → KEDA → HPA, or the HPA alone, or nobody. */
import type { KubeObject } from '../lib/kube/object.ts'
import { condition, holds } from '../status/conditions.ts'
import { cooldownLeft, cooldownStep, pollingSeconds, restingReplicas } from './cooldown.ts'
import { explainHpa, type HpaExplanation } from './hpa.ts'
import { isOwnedBy, lastEvent, type Snapshot, scales } from './snapshot.ts'
import { depthOf, type QueueTrigger, queueTriggers, triggerSteps, triggerValue } from './trigger.ts'
import { type ChainStep, link, type Next } from './why.ts'
import { clause, count, span } from './words.ts'

const PAUSED = 'autoscaling.keda.sh/paused'
const PAUSED_REPLICAS = 'autoscaling.keda.sh/paused-replicas'

export interface Scaling {
  chain: ChainStep[]
  /** The way to rest: it comes after the pods. */
  cooldown?: ChainStep
  /** Absent when nothing scales the workload. */
  next?: Next
}

/** The autoscaling part of a workload's chain. `readyPods` are those that are Running and Ready. */
export function explainScaling(workload: KubeObject, readyPods: number, snapshot: Snapshot): Scaling {
  const desired: number = workload.spec?.replicas ?? 1
  const observed: number = workload.status?.HPAReplicas ?? workload.status?.replicas ?? 0
  const scaledObject = snapshot.scaledObjects.find((one) => scales(one, workload))
  const hpas = snapshot.hpas.filter((one) => scales(one, workload))
  // Beside KEDA's own there may be one that somebody made by hand: a trap, and not the one to explain.
  const hpa = hpas.find((one) => scaledObject && isOwnedBy(one, scaledObject)) ?? hpas[0]
  const by = { desired, observed, readyPods }
  if (scaledObject) return byKeda(scaledObject, hpa, by, snapshot)
  if (hpa) return byHpa(hpa, by, new Map(), snapshot)
  const text = `Nothing scales it: spec.replicas is ${desired}, and stays so until somebody changes it.`
  return { chain: [link('autoscaler', null, text)] }
}

interface Counts {
  desired: number
  observed: number
  readyPods: number
}

function byHpa(
  hpa: KubeObject,
  counts: Counts,
  live: Map<number, number>,
  snapshot: Snapshot,
): HpaExplanation {
  return explainHpa({ hpa, ...counts, live, now: snapshot.now, syncSeconds: snapshot.hpaSyncSeconds })
}

/** How a pause annotation reads, or undefined when KEDA is not paused. */
export function pausedBy(scaledObject: KubeObject): string | undefined {
  const annotations = scaledObject.metadata.annotations ?? {}
  // Its mere presence pauses, even beside `paused: "false"`.
  if (annotations[PAUSED_REPLICAS] !== undefined)
    return `${PAUSED_REPLICAS}: "${annotations[PAUSED_REPLICAS]}"`
  const paused = annotations[PAUSED]
  return paused === undefined || paused === 'false' ? undefined : `${PAUSED}: "${paused}"`
}

function byKeda(
  scaledObject: KubeObject,
  hpa: KubeObject | undefined,
  counts: Counts,
  snapshot: Snapshot,
): Scaling {
  const { queues, now } = snapshot
  const { desired } = counts
  const triggers = queueTriggers(scaledObject)
  const chain = triggers.flatMap((trigger) => triggerSteps(trigger, queues))
  const paused = pausedBy(scaledObject)
  if (paused) {
    const { name, namespace } = scaledObject.metadata
    const key = paused.slice(0, paused.indexOf(':'))
    const next: Next = {
      text: `Nothing changes until the annotation is removed: \`kubectl annotate scaledobject ${name} -n ${namespace} ${key}-\` does that.`,
    }
    const text = `KEDA is paused by ${paused}: ${count(desired, 'replica')} stay.`
    return { chain: [...chain, link('paused', true, text)], next }
  }
  chain.push(activity(scaledObject, snapshot))
  const fallback = condition(scaledObject, 'Fallback')
  if (fallback?.status === 'True') {
    const { replicas } = scaledObject.spec?.fallback ?? {}
    const text = `KEDA cannot measure, and asks for its fallback of ${count(replicas ?? 0, 'replica')} instead.`
    chain.push(link('fallback', replicas ?? null, text))
  }
  const hpaPart: HpaExplanation = hpa
    ? byHpa(hpa, counts, liveTotals(scaledObject, hpa, queues), snapshot)
    : { chain: [link('hpa', null, 'KEDA has made no HPA yet.')] }
  chain.push(...hpaPart.chain)
  const cooldown = cooldownStep(scaledObject, desired, now)
  return {
    chain,
    ...(cooldown ? { cooldown } : {}),
    next: nextOfKeda(scaledObject, hpaPart.next, desired, snapshot),
  }
}

/** What the queues hold now, by the position of their metric in the HPA. */
function liveTotals(
  scaledObject: KubeObject,
  hpa: KubeObject,
  queues: Snapshot['queues'],
): Map<number, number> {
  const live = new Map<number, number>()
  for (const trigger of queueTriggers(scaledObject)) {
    const at = (hpa.spec.metrics ?? []).findIndex((metric: any) =>
      metric.external?.metric?.name?.startsWith(`s${trigger.index}-`),
    )
    const value = triggerValue(trigger, depthOf(trigger, queues))
    if (at >= 0 && value !== undefined) live.set(at, value)
  }
  return live
}

/** KEDA's condition says only that a trigger fails; its event has the scaler's own words. */
export function kedaError(scaledObject: KubeObject, snapshot: Snapshot): string | undefined {
  const ready = condition(scaledObject, 'Ready')
  if (!ready || ready.status === 'True' || ready.reason === undefined) return undefined
  if (ready.status === 'Unknown' && ready.reason !== 'PartialTriggerError') return undefined
  const cause = lastEvent(snapshot, scaledObject, ['KEDAScalerFailed', 'ScaledObjectCheckFailed'])
  return clause(cause?.message ?? ready.message ?? ready.reason)
}

function activity(scaledObject: KubeObject, snapshot: Snapshot): ChainStep {
  const error = kedaError(scaledObject, snapshot)
  if (error) return link('active', null, `KEDA cannot ask its trigger: ${error}.`)
  const active = condition(scaledObject, 'Active')
  const seconds = pollingSeconds(scaledObject)
  const polling = `KEDA looks every ${span(seconds)}`
  if (active?.status === 'True')
    return link('active', true, `${polling}; at its last look it saw work.`, { polling: seconds })
  if (active?.status === 'False')
    return link('active', false, `${polling}; at its last look it saw no work.`, { polling: seconds })
  return link('active', null, `${polling}; it has not looked yet.`, { polling: seconds })
}

function nextOfKeda(
  scaledObject: KubeObject,
  hpaNext: Next | undefined,
  desired: number,
  snapshot: Snapshot,
): Next {
  const { queues, now } = snapshot
  const polling = pollingSeconds(scaledObject)
  const rest = restingReplicas(scaledObject)
  if (condition(scaledObject, 'Ready')?.status === 'False') {
    return {
      atSeconds: polling,
      text: `KEDA asks again within ${span(polling)}; until that works nothing is scaled in.`,
    }
  }
  const triggers = queueTriggers(scaledObject)
  const waiting = triggers.find(
    (trigger) => (triggerValue(trigger, depthOf(trigger, queues)) ?? 0) > trigger.activation,
  )
  const first = Math.max(1, scaledObject.spec?.minReplicaCount ?? 0)
  if (desired === 0) {
    if (waiting || holds(scaledObject, 'Active')) {
      const text = `At KEDA's next look, within ${span(polling)}, it goes from 0 to ${first}; from there on the HPA reckons.`
      return { atSeconds: polling, text }
    }
    const text = `Nothing until ${wake(triggers[0])}; KEDA sees that within ${span(polling)} and starts ${first}.`
    return { text }
  }
  // Messages that came after KEDA's last look keep the cooldown from ending.
  if (holds(scaledObject, 'Active') || waiting || desired <= rest || rest > 0) {
    return hpaNext ?? { atSeconds: polling, text: `KEDA looks again within ${span(polling)}.` }
  }
  const left = cooldownLeft(scaledObject, now)
  const sooner = hpaNext?.atSeconds !== undefined && hpaNext.atSeconds < left + polling
  const meanwhile = sooner ? ' The HPA may go down to 1 before that.' : ''
  const text = `Within ${span(left + polling)} KEDA scales from ${desired} to ${rest}, unless messages arrive.${meanwhile}`
  return { atSeconds: left + polling, text }
}

function wake(trigger: QueueTrigger | undefined): string {
  if (!trigger) return 'a trigger has work'
  if (trigger.mode !== 'QueueLength') return `queue ${trigger.queue} has work`
  if (trigger.activation === 0) return `a message comes to ${trigger.queue}`
  return `${trigger.queue} holds more than ${count(trigger.activation, 'message')}`
}
