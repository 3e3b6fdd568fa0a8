/** The External entry of an HPA for one trigger. */
import type { MetricSpec } from '../hpa/build-hpa.ts'
import { formatQuantity } from '../hpa/quantity.ts'
import { NAME_LABEL } from '../resources.ts'

/** Throws for Utilization, which external metrics cannot have. */
export function externalMetricType(metricType: string | undefined): 'AverageValue' | 'Value' {
  switch (metricType) {
    case undefined:
    case '':
    case 'AverageValue':
      return 'AverageValue'
    case 'Value':
      return 'Value'
    case 'Utilization':
      throw new Error(
        "'Utilization' metric type is unsupported for external metrics, allowed values are 'Value' or 'AverageValue'",
      )
    default:
      throw new Error(`unknown metric type: ${metricType}, allowed values are 'Value' or 'AverageValue'`)
  }
}

export function externalMetricSpec(
  scaledObjectName: string,
  name: string,
  type: 'AverageValue' | 'Value',
  target: number,
): MetricSpec {
  const quantity = formatQuantity(target)
  return {
    type: 'External',
    external: {
      metric: { name, selector: { matchLabels: { [NAME_LABEL]: scaledObjectName } } },
      target: { type, ...(type === 'AverageValue' ? { averageValue: quantity } : { value: quantity }) },
    },
  }
}
