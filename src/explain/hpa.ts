/** An HPA's decision as links of the chain: metrics, arithmetic, bounds, window, policies. */
import type { KubeObject } from '../lib/kube/object.ts'
import { condition } from '../status/conditions.ts'
import { type HpaStep, nextLook } from './hpa-next.ts'
import { type Reading, readMetric } from './metric.ts'
import { downward, upward } from './scale-limits.ts'
import { type ChainStep, link, type Next } from './why.ts'
import { ago, capital, clause, count, span } from './words.ts'

export interface HpaExplanation {
  chain: ChainStep[]
  /** Absent while the HPA rests at zero replicas: then KEDA has the word. */
  next?: Next
}

export interface HpaInputs {
  hpa: KubeObject
  /** spec.replicas of the target. */
  desired: number
  /** status.replicas of the target: pods that there are. */
  observed: number
  readyPods: number
  /** Totals that are fresher than the HPA's last look, by the metric's position. */
  live: Map<number, number>
  now: number
  /** How often the controller looks; undefined where the cluster does not tell. */
  syncSeconds?: number | undefined
}

/** Why the HPA asks for as many replicas as it does. */
export function explainHpa(inputs: HpaInputs): HpaExplanation {
  const { hpa, desired } = inputs
  const next = { text: 'When that is mended, the HPA decides at its next look.' }
  if (desired === 0) {
    return { chain: [link('arithmetic', null, 'The HPA rests: it never leaves 0 by itself.')] }
  }
  const able = condition(hpa, 'AbleToScale')
  if (able?.status === 'False') {
    const text = `The HPA cannot scale it: ${clause(able.message ?? able.reason ?? 'no reason given')}.`
    return { chain: [link('arithmetic', null, text)], next }
  }
  const scaling = condition(hpa, 'ScalingActive')
  if (scaling?.status === 'False' && scaling.reason !== 'ScalingDisabled') {
    const message = clause(scaling.message ?? scaling.reason ?? 'no reason given')
    const text = `The HPA has no figure and leaves the replicas as they are: ${message}.`
    return { chain: [link('metric', null, text)], next }
  }
  return outOfBounds(inputs) ?? decided(inputs)
}

/** Above the maximum or below the minimum the controller does not read its metrics at all. */
function outOfBounds({ hpa, desired, syncSeconds }: HpaInputs): HpaExplanation | undefined {
  const { minReplicas: min = 1, maxReplicas: max } = hpa.spec
  const bounded = Math.min(Math.max(desired, min), max)
  if (bounded === desired) return undefined
  const why = desired > max ? `above the maximum, ${max}` : `below the minimum, ${min}`
  const step = { current: desired, bounded, reached: bounded, min, max }
  return {
    chain: [
      link('bounds', bounded, `${desired} is ${why}: the HPA goes to ${bounded} whatever it measures.`),
    ],
    next: nextLook(undefined, step, 0, 0, syncSeconds),
  }
}

function decided({ hpa, desired, observed, readyPods, live, now, syncSeconds }: HpaInputs): HpaExplanation {
  const { minReplicas: min = 1, maxReplicas: max } = hpa.spec
  const up = upward(hpa, desired)
  const down = downward(hpa, desired)
  const tolerance = { up: up.tolerance, down: down.tolerance }
  const replicas = { current: desired, observed, ready: readyPods, tolerance }
  const readings: Reading[] = (hpa.spec.metrics ?? []).map((metric: any, index: number) =>
    readMetric(metric, hpa.status?.currentMetrics?.[index], replicas, live.get(index)),
  )
  const chain = readings.map(({ value, target, measured }) =>
    link(
      'metric',
      value ?? null,
      `${capital(measured)}.`,
      value === undefined ? { target } : { value, target },
    ),
  )
  const winner = highest(readings)
  const { proposal, arithmetic = '', ratio } = winner ?? {}
  if (proposal === undefined) {
    return { chain, next: { text: 'When it is measured, the HPA decides at its next look.' } }
  }
  const most = readings.length > 1 ? `; the highest of ${readings.length} metrics counts` : ''
  const numbers = {
    current: desired,
    proposal,
    ...(Number.isFinite(ratio) ? { ratio: ratio as number } : {}),
  }
  chain.push(link('arithmetic', proposal, `The HPA reckons ${arithmetic}${most}.`, numbers))
  const bounded = Math.min(Math.max(proposal, min), max)
  chain.push(link('bounds', bounded, boundsText(proposal, bounded, min, max), { min, max }))
  const way = bounded > desired ? up : bounded < desired ? down : undefined
  if (way && way.windowSeconds > 0) chain.push(windowStep(way === up, way.windowSeconds))
  const reached = limited(bounded, desired, way?.limit)
  if (way) {
    const how =
      reached === desired
        ? 'it stays'
        : reached === bounded
          ? `${reached} is within that`
          : `to ${reached} first`
    chain.push(
      link('policies', reached, `From ${desired} it may go ${way.text}: ${how}.`, { limit: way.limit }),
    )
  }
  chain.push(decision(hpa, now))
  const step: HpaStep = { current: desired, bounded, reached, min, max }
  return { chain, next: nextLook(winner, step, up.windowSeconds, down.windowSeconds, syncSeconds) }
}

/** The metric that asks for most decides. */
function highest(readings: Reading[]): Reading | undefined {
  return readings.reduce<Reading | undefined>(
    (best, reading) => ((reading.proposal ?? -1) > (best?.proposal ?? -1) ? reading : best),
    undefined,
  )
}

function boundsText(proposal: number, bounded: number, min: number, max: number): string {
  const range = `Between ${min} and ${max}`
  if (bounded < proposal) return `${range}: ${proposal} is cut to ${max}.`
  if (bounded > proposal) return `${range}: ${proposal} is lifted to ${min}.`
  return `${range}: ${bounded} is allowed.`
}

function windowStep(upwards: boolean, seconds: number): ChainStep {
  const text = upwards
    ? `Going up waits until every look of the last ${span(seconds)} asked for more (scale-up window).`
    : `Going down waits until no look of the last ${span(seconds)} asked for more (scale-down window).`
  return link('window', seconds, text)
}

function limited(wanted: number, current: number, limit: number | undefined): number {
  if (limit === undefined) return wanted
  if (wanted > current) return Math.max(current, Math.min(wanted, limit))
  return Math.min(current, Math.max(wanted, limit))
}

function decision(hpa: KubeObject, now: number): ChainStep {
  const { desiredReplicas, lastScaleTime } = hpa.status ?? {}
  if (condition(hpa, 'ScalingActive')?.reason === 'ScalingDisabled') {
    return link('decision', null, 'The HPA has not looked yet since there were 0 replicas.')
  }
  const held = condition(hpa, 'AbleToScale')?.reason
  const why = held === 'ScaleDownStabilized' || held === 'ScaleUpStabilized' ? ', held by the window' : ''
  const last = lastScaleTime ? `; it last changed them ${ago(lastScaleTime, now)}` : ''
  const text = `At its last look the HPA asked for ${count(desiredReplicas ?? 0, 'replica')}${why}${last}.`
  return link('decision', desiredReplicas ?? null, text)
}
