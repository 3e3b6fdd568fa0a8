/** Makes the HPA of a ScaledObject what it should be: created, replaced, renamed. */
import { messageOf } from '../../../../lib/errors.ts'
import { isStatus } from '../../../errors.ts'
import type { KubeObject } from '../../../objects.ts'
import { buildHpa, hpaName, type MetricSpec } from '../hpa/build-hpa.ts'
import { hpaDiffers } from '../hpa/differs.ts'
import { COMPOSITE_METRIC, compositeSpecs, usesFormula } from '../modifiers/composite.ts'
import { HPAS, KEDA_OPERATOR } from '../resources.ts'
import type { CheckTools } from '../scale-loop/check.ts'
import type { BuiltTrigger } from '../scalers-cache.ts'
import type { Target } from '../target.ts'
import type { ScaledObject, ScaledObjectStatus } from '../types.ts'
import { STEP, StepError } from './step-error.ts'

export interface EnsuredHpa {
  created: boolean
  status: Pick<
    ScaledObjectStatus,
    'hpaName' | 'externalMetricNames' | 'resourceMetricNames' | 'compositeScalerName'
  >
}

/** Builds the scalers, so an unreachable AMQP broker or bad metadata shows here. */
export async function ensureHpa(
  scaledObject: ScaledObject,
  target: Target,
  { context: { client }, cache }: CheckTools,
): Promise<EnsuredHpa> {
  const triggers = await buildScalers(scaledObject, cache)
  const externalMetricNames = triggers.flatMap(({ scaler }) => scaler.external?.metricName ?? [])
  refuseDuplicates(externalMetricNames, scaledObject)
  const { apiVersion, kind, name } = target
  const wanted = buildHpa(scaledObject, { apiVersion, kind, name }, metricsOf(scaledObject, triggers))
  const options = { fieldManager: KEDA_OPERATOR }
  const namespace = scaledObject.metadata.namespace!
  const knownName = scaledObject.status?.hpaName || hpaName(scaledObject)
  let found = client.get(HPAS, namespace, knownName)
  if (found && knownName !== wanted.metadata.name) {
    client.delete(HPAS, namespace, knownName)
    found = undefined
  }
  found ??= client.get(HPAS, namespace, wanted.metadata.name!)
  if (!found) client.create(HPAS, wanted, options)
  // A full replacement without resourceVersion, as KEDA sends it.
  else if (hpaDiffers(found, wanted)) client.update(HPAS, wanted as KubeObject, options)
  return {
    created: !found,
    status: {
      hpaName: wanted.metadata.name!,
      ...(externalMetricNames.length ? { externalMetricNames } : {}),
      ...resourceNames(triggers),
      ...(usesFormula(scaledObject.spec) ? { compositeScalerName: COMPOSITE_METRIC } : {}),
    },
  }
}

async function buildScalers(scaledObject: ScaledObject, cache: CheckTools['cache']): Promise<BuiltTrigger[]> {
  try {
    return await cache.get(scaledObject)
  } catch (thrown) {
    throw new StepError(STEP.hpa, new Error(`error getting scalers ${messageOf(thrown)}`, { cause: thrown }))
  }
}

function refuseDuplicates(names: string[], { metadata }: ScaledObject): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (!twice) return
  const why = `metricName ${twice} defined multiple times in ScaledObject ${metadata.name}`
  throw new StepError(STEP.hpa, new Error(why))
}

function metricsOf(scaledObject: ScaledObject, triggers: BuiltTrigger[]): MetricSpec[] {
  const metrics = triggers.map(({ scaler }) => scaler.metricSpec)
  return usesFormula(scaledObject.spec) ? compositeSpecs(scaledObject, metrics) : metrics
}

function resourceNames(triggers: BuiltTrigger[]): Pick<ScaledObjectStatus, 'resourceMetricNames'> {
  const names = triggers.flatMap(({ scaler }) => scaler.metricSpec.resource?.name ?? [])
  return names.length ? { resourceMetricNames: names } : {}
}

/** Removes the HPA of a paused ScaledObject. */
export function deleteHpa(scaledObject: ScaledObject, { context: { client } }: CheckTools): void {
  const name = scaledObject.status?.hpaName || hpaName(scaledObject)
  try {
    if (client.get(HPAS, scaledObject.metadata.namespace, name)) {
      client.delete(HPAS, scaledObject.metadata.namespace, name)
    }
  } catch (thrown) {
    if (!isStatus(thrown, 404)) throw thrown
  }
}
