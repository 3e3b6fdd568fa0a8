/** KEDA's metrics adapter: answers the HPA's questions live from the scalers. */
import type { Clock } from '../../../lib/clock.ts'
import { rfc3339 } from '../../../lib/clock.ts'
import { messageOf } from '../../../lib/errors.ts'
import { ApiError } from '../../errors.ts'
import type { ExternalMetrics, ExternalMetricValue } from '../../metrics.ts'
import { keyOf } from '../../objects.ts'
import { FALLING_BACK, NO_FALLBACK, withConditions } from './conditions.ts'
import { formatQuantity } from './hpa/quantity.ts'
import { COMPOSITE_METRIC, composite, usesFormula } from './modifiers/composite.ts'
import { NAME_LABEL, SCALED_OBJECTS } from './resources.ts'
import { type Assessment, assess, type TriggerReading } from './scale-loop/assess.ts'
import { type CheckTools, readTriggers } from './scale-loop/check.ts'
import type { BuiltTrigger } from './scalers-cache.ts'
import { currentReplicas, findTarget, readyPods } from './target.ts'
import type { ScaledObject } from './types.ts'
import { writeStatus } from './write-status.ts'

/** The adapter gives its gRPC call to the operator this long. */
const DEADLINE_MS = 3000

/** Every failure is a 500 without a reason, whatever its cause. */
const failure = (message: string) => new ApiError(500, '', message)
const rpcFailure = (message: string) =>
  failure(`rpc error: code = Unknown desc = error when getting metric values ${message}`)

export class KedaExternalMetrics implements ExternalMetrics {
  readonly #tools: () => CheckTools | undefined

  /** `tools` answers undefined until the controllers run. */
  constructor(tools: () => CheckTools | undefined) {
    this.#tools = tools
  }

  async values(namespace: string, metric: string, labelSelector: string): Promise<ExternalMetricValue[]> {
    const tools = this.#tools()
    if (!tools) throw failure('the KEDA operator is not running')
    const name = scaledObjectName(labelSelector)
    if (!name) throw failure('scaledObject name is not specified')
    const found = tools.context.client.get(SCALED_OBJECTS, namespace, name) as ScaledObject | undefined
    if (!found) {
      throw rpcFailure(`ScaledObject.keda.sh "${name}" not found`)
    }
    const value = await withDeadline(tools.context.clock, this.#value(found, metric, tools))
    return [
      {
        metricName: metric,
        metricLabels: null,
        timestamp: rfc3339(tools.context.clock.now()),
        value: formatQuantity(value),
      },
    ]
  }

  async #value(scaledObject: ScaledObject, metric: string, tools: CheckTools): Promise<number> {
    let triggers: BuiltTrigger[]
    try {
      triggers = await tools.cache.get(scaledObject)
    } catch (thrown) {
      throw rpcFailure(`error getting scalers ${messageOf(thrown)}`)
    }
    const combined = usesFormula(scaledObject.spec) && metric === COMPOSITE_METRIC
    const asked = triggers.filter(
      ({ scaler: { external } }) =>
        external && (combined || external.metricName.toLowerCase() === metric.toLowerCase()),
    )
    if (asked.length === 0) throw rpcFailure(`no matching metrics found for ${metric}`)
    const readings = await this.#read(scaledObject, asked, tools)
    if (readings.some(({ result }) => 'error' in result)) {
      tools.records.drop(keyOf(scaledObject))
      await tools.cache.clear(keyOf(scaledObject))
    }
    const assessment = countTowardsFallback(scaledObject, readings, tools)
    const value = combined
      ? composite(scaledObject, assessment.values, assessment.error)?.value
      : assessment.values[readings[0]!.metricName]
    // The scaler's error is not told: it may hold addresses and queue names.
    if (value === undefined) throw rpcFailure(`metric:${metric} encountered error`)
    return value
  }

  /** Live, but for triggers whose last poll is on record. */
  async #read(
    scaledObject: ScaledObject,
    asked: BuiltTrigger[],
    { records }: CheckTools,
  ): Promise<TriggerReading[]> {
    const recorded = asked.map(({ scaler }) => records.find(keyOf(scaledObject), scaler.external!.metricName))
    const live = await readTriggers(asked.filter((_, index) => !recorded[index]))
    return recorded.map((record) => record ?? live.shift()!)
  }
}

/** A query of the HPA counts in health like a poll, and may set the Fallback condition; it scales nothing. */
function countTowardsFallback(
  scaledObject: ScaledObject,
  readings: TriggerReading[],
  { context: { client } }: CheckTools,
): Assessment {
  const { spec, status } = scaledObject
  const target = spec.fallback ? findTarget(client, scaledObject) : undefined
  const assessment = assess({
    readings,
    fallback: spec.fallback,
    health: status?.health ?? {},
    current: target ? currentReplicas(client, target) : 0,
    readyPods: target ? readyPods(client, target) : 0,
  })
  if (target) {
    writeStatus(client, scaledObject, (old) => ({
      ...old,
      health: { ...old.health, ...assessment.health },
      conditions: withConditions(old.conditions, assessment.fallingBack ? FALLING_BACK : NO_FALLBACK),
    }))
  }
  return assessment
}

/** From `scaledobject.keda.sh/name=x`, alone or among other terms. */
function scaledObjectName(labelSelector: string): string | undefined {
  for (const term of labelSelector.split(',')) {
    const [key, value] = term.split(/==?/)
    if (key?.trim() === NAME_LABEL && value) return value.trim()
  }
  return undefined
}

async function withDeadline<Value>(clock: Clock, work: Promise<Value>): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = clock.after(DEADLINE_MS, () =>
    reject(failure('rpc error: code = DeadlineExceeded desc = context deadline exceeded')),
  )
  try {
    return await Promise.race([work, promise])
  } finally {
    timer.cancel()
  }
}
