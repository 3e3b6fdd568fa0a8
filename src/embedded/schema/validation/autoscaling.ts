/** Checks of HorizontalPodAutoscalers and PodDisruptionBudgets. */
import { numericValueOrNaN } from '../../../lib/quantity.ts'
import { items, type Loose, struct } from '../defaults/fill.ts'
import { child, index } from '../field-path.ts'
import type { FieldError } from '../types.ts'
import { forbidden, invalid, notSupported, required } from './field-errors.ts'
import { intOrPercent, nonNegative } from './numbers.ts'
import { selectorErrors } from './selectors.ts'

const MAX_WINDOW_SECONDS = 3600
const MAX_PERIOD_SECONDS = 1800
const SELECT_POLICIES = ['Disabled', 'Max', 'Min']
const POLICY_TYPES = ['Percent', 'Pods']
/** Field that holds the source of each metric type. */
const SOURCES: Record<string, string> = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
}

export function autoscalerErrors(autoscaler: Loose): FieldError[] {
  const spec = struct(autoscaler, 'spec') ?? {}
  const { minReplicas, maxReplicas = 0 } = spec
  const errors: FieldError[] = []
  if (minReplicas !== undefined && minReplicas < 1) {
    errors.push(invalid('spec.minReplicas', minReplicas, 'must be greater than or equal to 1'))
  }
  if (maxReplicas < 1) errors.push(invalid('spec.maxReplicas', maxReplicas, 'must be greater than 0'))
  if (minReplicas !== undefined && maxReplicas < minReplicas) {
    errors.push(invalid('spec.maxReplicas', maxReplicas, 'must be greater than or equal to `minReplicas`'))
  }
  const target = struct(spec, 'scaleTargetRef') ?? {}
  for (const name of ['kind', 'name']) if (!target[name]) errors.push(required(`spec.scaleTargetRef.${name}`))
  items(spec, 'metrics').forEach((metric, position) => {
    errors.push(...metricErrors(metric, index('spec.metrics', position)))
  })
  const behavior = struct(spec, 'behavior')
  for (const name of ['scaleUp', 'scaleDown']) {
    const rules = struct(behavior, name)
    if (rules) errors.push(...rulesErrors(rules, `spec.behavior.${name}`))
  }
  return errors
}

function metricErrors(metric: Loose, path: string): FieldError[] {
  if (!metric.type) return [required(child(path, 'type'), 'must specify a metric source type')]
  const field = SOURCES[metric.type]
  if (!field) return [notSupported(child(path, 'type'), metric.type, Object.keys(SOURCES))]
  const source = struct(metric, field)
  if (!source) return [required(child(path, field), 'must populate information for the given metric source')]
  const errors = Object.values(SOURCES)
    .filter((other) => other !== field && metric[other])
    .map((other) => forbidden(child(path, other), 'must populate the given metric source only'))
  const at = child(path, field)
  if (metric.type.endsWith('Resource')) {
    if (!source.name) errors.push(required(child(at, 'name'), 'must specify a resource name'))
  } else if (!struct(source, 'metric')?.name) {
    errors.push(required(child(at, 'metric.name'), 'must specify a metric name'))
  }
  return [...errors, ...targetErrors(struct(source, 'target') ?? {}, child(at, 'target'))]
}

function targetErrors(target: Loose, path: string): FieldError[] {
  if (!target.type) return [required(child(path, 'type'), 'must specify a metric target type')]
  const types = ['AverageValue', 'Utilization', 'Value']
  if (!types.includes(target.type)) {
    return [invalid(child(path, 'type'), target.type, 'must be either Utilization, Value, or AverageValue')]
  }
  if (target.averageUtilization !== undefined && target.averageUtilization < 1) {
    return [invalid(child(path, 'averageUtilization'), target.averageUtilization, 'must be greater than 0')]
  }
  const field = { AverageValue: 'averageValue', Utilization: 'averageUtilization', Value: 'value' }[
    target.type as string
  ]!
  if (target[field] === undefined) {
    const detail =
      field === 'averageUtilization'
        ? 'must set either a target raw value or a target utilization'
        : `must specify a positive target ${field}`
    return [required(child(path, field), detail)]
  }
  const quantity = field === 'averageUtilization' ? 1 : numericValueOrNaN(target[field])
  return quantity > 0 ? [] : [invalid(child(path, field), target[field], 'must be positive')]
}

function rulesErrors(rules: Loose, path: string): FieldError[] {
  const errors: FieldError[] = []
  const window = rules.stabilizationWindowSeconds
  errors.push(...nonNegative(window, child(path, 'stabilizationWindowSeconds')))
  if (window > MAX_WINDOW_SECONDS) {
    const detail = `must be less than or equal to ${MAX_WINDOW_SECONDS}`
    errors.push(invalid(child(path, 'stabilizationWindowSeconds'), window, detail))
  }
  if (rules.selectPolicy && !SELECT_POLICIES.includes(rules.selectPolicy)) {
    errors.push(notSupported(child(path, 'selectPolicy'), rules.selectPolicy, SELECT_POLICIES))
  }
  const policies = items(rules, 'policies')
  if (!policies.length) errors.push(required(child(path, 'policies'), 'must specify at least one Policy'))
  policies.forEach((policy, position) => {
    const at = index(child(path, 'policies'), position)
    if (!POLICY_TYPES.includes(policy.type))
      errors.push(notSupported(child(at, 'type'), policy.type, POLICY_TYPES))
    for (const name of ['value', 'periodSeconds']) {
      if (!(policy[name] > 0))
        errors.push(invalid(child(at, name), policy[name] ?? 0, 'must be greater than zero'))
    }
    if (policy.periodSeconds > MAX_PERIOD_SECONDS) {
      const detail = `must be less than or equal to ${MAX_PERIOD_SECONDS}`
      errors.push(invalid(child(at, 'periodSeconds'), policy.periodSeconds, detail))
    }
  })
  return errors
}

export function disruptionBudgetErrors(budget: Loose): FieldError[] {
  const spec = struct(budget, 'spec') ?? {}
  const { minAvailable, maxUnavailable } = spec
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    return [invalid('spec', spec, 'minAvailable and maxUnavailable cannot be both set')]
  }
  return [
    ...intOrPercent(minAvailable, 'spec.minAvailable'),
    ...intOrPercent(maxUnavailable, 'spec.maxUnavailable'),
    ...selectorErrors(struct(spec, 'selector'), 'spec.selector'),
  ]
}
