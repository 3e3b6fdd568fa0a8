/** The HPA's arithmetic on one metric, with its numbers. */
import { milliValue, numericValueOrNaN } from '../lib/quantity.ts'
import { figure } from './words.ts'

/** What the arithmetic needs besides the metric itself. */
export interface Replicas {
  /** spec.replicas of the target. */
  current: number
  /** status.replicas of the target's scale: what external averages are divided by. */
  observed: number
  /** Running and Ready: what resource metrics and Value targets multiply. */
  ready: number
  /** Allowed distance of the ratio from 1 before anything changes: upward and downward. */
  tolerance: { up: number; down: number }
}

export interface Reading {
  /** `cpu`, or `queue question_generation_task`. */
  name: string
  /** The figure that was compared, in the metric's own unit; absent when nothing was measured. */
  value?: number
  target: number
  /** What was measured: `the pods use 140 % of the cpu they request; the target is 70 %`. */
  measured: string
  /** `ceil(42 / 10) = 5`. */
  arithmetic?: string
  /** Replicas that this metric asks for, before any limit. */
  proposal?: number
  ratio?: number
  /** Where the value must get to for more or fewer replicas: `more than 55 messages`. */
  above?: string
  below?: string
}

/**
 * Repeats the controller's formulas (pkg/controller/podautoscaler) on spec.metrics[i] and status.currentMetrics[i].
 * `live` is a total that is fresher than the HPA's last look, for external metrics. Pods that are not ready, or were
 * not measured, are taken to bring nothing, as the controller does when it scales up.
 */
export function readMetric(metric: any, status: any, replicas: Replicas, live?: number): Reading {
  const { source, current } = sourceOf(metric, status)
  const target = source.target ?? {}
  const name = source.name ?? metricName(source.metric?.name)
  if (target.averageUtilization !== undefined) {
    return utilization(name, current?.averageUtilization, target.averageUtilization, replicas)
  }
  const forAll = metric.external !== undefined || metric.object !== undefined
  if (target.averageValue !== undefined) {
    if (!forAll) return averageOfPods(name, current?.averageValue, target.averageValue, replicas)
    const sum = live ?? totalOf(current?.averageValue, replicas.observed)
    return total(name, sum, milliValue(target.averageValue) / 1000, replicas)
  }
  const now = live ?? known(current?.value)
  return plainValue(name, now, numericValueOrNaN(target.value), replicas)
}

/** Quantities of what was measured; undefined when it was not. */
function known(quantity: string | undefined): number | undefined {
  const value = numericValueOrNaN(quantity)
  return Number.isNaN(value) ? undefined : value
}

function sourceOf(metric: any, status: any): { source: any; current: any } {
  for (const kind of ['external', 'resource', 'containerResource', 'pods', 'object']) {
    if (metric[kind]) return { source: metric[kind], current: status?.[kind]?.current }
  }
  return { source: {}, current: undefined }
}

/** KEDA names metrics `s0-rabbitmq-QUEUE`; people know the queue. */
function metricName(name = 'metric'): string {
  return name.replace(/^s\d+-rabbitmq-/, 'queue ')
}

/** The status has the sum over the replicas, rounded up to thousandths: three replicas turn 50 into 50.001. */
function totalOf(average: string | undefined, replicas: number): number | undefined {
  const each = known(average)
  if (each === undefined) return undefined
  const sum = each * replicas
  const whole = Math.round(sum)
  return Math.abs(sum - whole) * 1000 <= replicas ? whole : sum
}

function utilization(name: string, now: number | undefined, aim: number, replicas: Replicas): Reading {
  if (now === undefined) return unmeasured(name, aim)
  const { ready, tolerance } = replicas
  const up = Math.floor(aim * (1 + tolerance.up))
  const down = Math.min(Math.ceil(aim * (1 - tolerance.down)) - 1, Math.floor((aim * (ready - 1)) / ready))
  return {
    name,
    value: now,
    target: aim,
    measured: `the pods use ${now} % of the ${name} they request; the target is ${aim} %`,
    ...propose(now / aim, `${ready} × ${now} / ${aim}`, (now / aim) * ready, replicas.current, tolerance),
    above: `${name} above ${up} %`,
    below: `${name} at ${down} % or below`,
  }
}

function averageOfPods(
  name: string,
  average: string | undefined,
  aim: string | number,
  replicas: Replicas,
): Reading {
  const target = milliValue(aim)
  if (average === undefined) return unmeasured(name, target / 1000)
  const now = milliValue(average)
  const { ready, tolerance } = replicas
  const limit = (share: number) => figure((target / 1000) * share)
  return {
    name,
    value: now / 1000,
    target: target / 1000,
    measured: `${name} is ${average} a pod; the target is ${aim}`,
    ...propose(
      now / target,
      `${ready} × ${average} / ${aim}`,
      (now / target) * ready,
      replicas.current,
      tolerance,
    ),
    above: `${name} above ${limit(1 + tolerance.up)} a pod`,
    below: `${name} below ${limit(1 - tolerance.down)} a pod`,
  }
}

function total(name: string, now: number | undefined, aim: number, replicas: Replicas): Reading {
  if (now === undefined) return unmeasured(name, aim)
  const { observed, tolerance } = replicas
  const up = Math.max(Math.floor(aim * observed * (1 + tolerance.up)), aim * observed)
  const down = Math.min(Math.ceil(aim * observed * (1 - tolerance.down)) - 1, aim * (observed - 1))
  const queue = name.startsWith('queue ')
  // In thousandths, as the controller reckons: 8.6 / 2.15 must be 4.
  const milli = Math.round(now * 1000)
  const aimMilli = Math.round(aim * 1000)
  return {
    name,
    value: now,
    target: aim,
    measured: `${name}: ${figure(now)} in all, over ${replicasText(observed)}; the target is ${figure(aim)} a replica`,
    ...propose(
      milli / (aimMilli * observed),
      `${figure(now)} / ${figure(aim)}`,
      milli / aimMilli,
      observed,
      tolerance,
    ),
    above: queue ? `more than ${figure(up)} messages` : `${name} above ${figure(up)}`,
    below: queue ? `${figure(down)} messages or fewer` : `${name} at ${figure(down)} or below`,
  }
}

function replicasText(replicas: number): string {
  return replicas === 1 ? '1 replica' : `${replicas} replicas`
}

function plainValue(name: string, now: number | undefined, aim: number, replicas: Replicas): Reading {
  if (now === undefined) return unmeasured(name, aim)
  const { ready, current, tolerance } = replicas
  return {
    name,
    value: now,
    target: aim,
    measured: `${name} is ${figure(now)}; the target is ${figure(aim)}`,
    ...propose(
      now / aim,
      `${ready} ready × ${figure(now)} / ${figure(aim)}`,
      (now / aim) * ready,
      current,
      tolerance,
    ),
    above: `${name} above ${figure(aim * (1 + tolerance.up))}`,
    below: `${name} below ${figure(aim * (1 - tolerance.down))}`,
  }
}

function unmeasured(name: string, target: number): Reading {
  return { name, target, measured: `${name} has not been measured yet` }
}

/** Within the tolerance `kept` stay; otherwise the quotient is rounded up. */
function propose(
  ratio: number,
  division: string,
  quotient: number,
  kept: number,
  tolerance: Replicas['tolerance'],
): Pick<Reading, 'proposal' | 'arithmetic' | 'ratio'> {
  const rounded = Math.ceil(quotient)
  const text = `ceil(${division}) = ${rounded}`
  if (!Number.isFinite(ratio)) return { proposal: rounded, arithmetic: text }
  if (1 - tolerance.down <= ratio && ratio <= 1 + tolerance.up) {
    if (rounded === kept) return { ratio, proposal: kept, arithmetic: text }
    const range = `${figure(1 - tolerance.down)}–${figure(1 + tolerance.up)}`
    const detail = `${figure(Math.round(ratio * 100) / 100)} of the target is within the tolerance ${range}`
    return { ratio, proposal: kept, arithmetic: `${text}, but ${detail}: ${kept} stay` }
  }
  return { ratio, proposal: rounded, arithmetic: text }
}
