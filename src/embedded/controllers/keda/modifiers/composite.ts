/** scalingModifiers: all external metrics of a ScaledObject combined into one by a formula. */
import type { MetricSpec } from '../hpa/build-hpa.ts'
import { externalMetricSpec } from '../scalers/external-metric.ts'
import type { ScaledObject, ScaledObjectSpec } from '../types.ts'
import { evaluateFormula, type Variables } from './formula.ts'

export const COMPOSITE_METRIC = 'composite-metric'

export interface Composite {
  value: number | undefined
  active: boolean
}

export function usesFormula({ advanced }: ScaledObjectSpec): boolean {
  return Boolean(advanced?.scalingModifiers?.formula)
}

/** What is wrong with scalingModifiers; undefined when nothing is. */
export function modifiersError(spec: ScaledObjectSpec): string | undefined {
  const modifiers = spec.advanced?.scalingModifiers
  if (!modifiers || Object.keys(modifiers).length === 0) return undefined
  if (!modifiers.formula) return 'error ScalingModifiers.Formula is mandatory'
  if (!modifiers.target) return 'formula is given but target is empty'
  if (!(Number(modifiers.target) > 0))
    return `error converting target for scalingModifiers (string->float) to valid target: ${modifiers.target}`
  const names = Object.fromEntries(spec.triggers.flatMap(({ name }) => (name ? [[name, 1]] : [])))
  try {
    evaluateFormula(modifiers.formula, names)
    return undefined
  } catch (thrown) {
    return `error trying to compile formula: ${(thrown as Error).message}`
  }
}

/**
 * The composite value from metric values (by metric name); undefined without a formula. Any failed trigger
 * makes it inactive and without a value.
 */
export function composite(
  { spec, status }: Pick<ScaledObject, 'spec' | 'status'>,
  values: Record<string, number>,
  failed: boolean,
): Composite | undefined {
  const modifiers = spec.advanced?.scalingModifiers
  if (!modifiers?.formula) return undefined
  if (failed) return { value: undefined, active: false }
  const value = evaluateFormula(
    modifiers.formula,
    variablesOf(spec, status?.externalMetricNames ?? [], values),
  )
  return { value, active: value > Number(modifiers.activationTarget ?? 0) }
}

/** Formulas name triggers; metric names carry the trigger's index. */
function variablesOf(
  spec: ScaledObjectSpec,
  metricNames: string[],
  values: Record<string, number>,
): Variables {
  const variables: Variables = {}
  for (const metric of metricNames) {
    const index = Number(/^s(\d+)-/.exec(metric)?.[1])
    const name = spec.triggers[index]?.name
    if (name !== undefined && values[metric] !== undefined) variables[name] = values[metric]
  }
  return variables
}

/** The one External entry that stands for all; Resource entries stay, ContainerResource ones are lost. */
export function compositeSpecs(scaledObject: ScaledObject, metrics: MetricSpec[]): MetricSpec[] {
  const { target, metricType } = scaledObject.spec.advanced!.scalingModifiers!
  const type = metricType === 'Value' ? 'Value' : 'AverageValue'
  return [
    externalMetricSpec(scaledObject.metadata.name, COMPOSITE_METRIC, type, Number(target)),
    ...metrics.filter((metric) => metric.type === 'Resource'),
  ]
}
