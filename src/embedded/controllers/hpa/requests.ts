/** What pods asked for: the base of a utilisation. */

import { milliValue } from '../../../lib/quantity.ts'
import type { Pod } from '../shared/pods.ts'

/**
 * Requests in milli by pod name; pod-level ones count first, then the containers' and sidecars' sum, or
 * one container's. Throws when a container does not say: a share of nothing cannot be computed.
 */
export function podRequests(pods: Pod[], resource: string, container?: string): Map<string, number> {
  return new Map(pods.map((pod) => [pod.metadata.name, requestOf(pod, resource, container)]))
}

function requestOf(pod: Pod, resource: string, container: string | undefined): number {
  const whole = pod.spec.resources?.requests?.[resource]
  if (container === undefined && whole !== undefined) return milliValue(whole)
  const sidecars = (pod.spec.initContainers ?? []).filter((one: any) => one.restartPolicy === 'Always')
  const counted = [...(pod.spec.containers ?? []), ...sidecars].filter(
    (one) => container === undefined || one.name === container,
  )
  if (container !== undefined && counted.length === 0) {
    throw new Error(`container ${container} not found in Pod ${pod.metadata.name}`)
  }
  return counted.reduce((sum, one) => {
    const request = one.resources?.requests?.[resource]
    if (request === undefined) {
      throw new Error(`missing request for ${resource} in container ${one.name} of Pod ${pod.metadata.name}`)
    }
    return sum + milliValue(request)
  }, 0)
}
