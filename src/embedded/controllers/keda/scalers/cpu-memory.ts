/** The cpu and memory scalers: Resource entries of the HPA, measured by the HPA itself. */
import type { MetricSpec } from '../hpa/build-hpa.ts'
import { Parameters } from './parameters.ts'
import type { ScalerConfig, ScalerFactory } from './scaler.ts'

export const cpuMemoryScaler: ScalerFactory = async (config) => ({
  metricSpec: resourceSpec(config),
  async close() {},
})

function resourceSpec(config: ScalerConfig): MetricSpec {
  const { type: name, metricType } = config.trigger
  const read = new Parameters(config)
  const value = read.required('value', 'triggerMetadata')
  const container = read.optional('containerName', 'triggerMetadata')
  if (config.trigger.metadata.type) {
    read.errors.push("the 'type' setting is DEPRECATED and is removed in v2.18 - Use 'metricType' instead")
  }
  if (read.errors.length > 0) throw new Error(`error parsing ${name} metadata: ${read.errors.join('\n')}`)
  const target = resourceTarget(metricType, value)
  return container
    ? { type: 'ContainerResource', containerResource: { container, name, target } }
    : { type: 'Resource', resource: { name, target } }
}

function resourceTarget(metricType: string | undefined, value: string): Record<string, unknown> {
  if (metricType === 'AverageValue') return { type: 'AverageValue', averageValue: value }
  if (metricType === 'Utilization') {
    if (!/^[+-]?\d+$/.test(value)) throw new Error(`invalid value: ${value} is not an integer`)
    return { type: 'Utilization', averageUtilization: Number(value) }
  }
  throw new Error(
    `unknown metric type: ${metricType ?? ''}, allowed values are 'Utilization' or 'AverageValue'`,
  )
}
