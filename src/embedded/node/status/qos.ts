/** A pod's quality-of-service class (pkg/apis/core/v1/helper/qos). */
import { numericValue } from '../../../lib/quantity.ts'
import type { KubeObject } from '../../objects.ts'

export function qosClass(pod: KubeObject): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const containers: any[] = [...(pod.spec.initContainers ?? []), ...pod.spec.containers]
  const set = (map: Record<string, string> | undefined) =>
    ['cpu', 'memory'].filter((name) => map?.[name] !== undefined && numericValue(map[name]!) > 0)
  const any = containers.some(
    ({ resources }) => set(resources?.requests).length + set(resources?.limits).length > 0,
  )
  if (!any) return 'BestEffort'
  const guaranteed = containers.every(({ resources }) =>
    ['cpu', 'memory'].every((name) => {
      const limit = resources?.limits?.[name]
      const request = resources?.requests?.[name] ?? limit
      return limit !== undefined && numericValue(limit) === numericValue(request)
    }),
  )
  return guaranteed ? 'Guaranteed' : 'Burstable'
}
