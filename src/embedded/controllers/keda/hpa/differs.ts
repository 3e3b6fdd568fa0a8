/** Whether the HPA that is there must be replaced by the one that KEDA wants. */
import { isDeepStrictEqual } from 'node:util'
import type { KubeObject, Manifest } from '../../../objects.ts'

/**
 * True when metrics were added or removed, behavior is not the same, or a field, label or annotation that KEDA sets
 * has another value. What KEDA leaves empty is not compared, so a label that was merely removed stays.
 */
export function hpaDiffers(found: KubeObject, wanted: Manifest): boolean {
  return (
    found.spec.metrics?.length !== wanted.spec.metrics.length ||
    // A partial behavior never equals the one that the API has filled with defaults, so it is sent again each
    // time; comparing less would miss a rule that was taken away.
    !isDeepStrictEqual(found.spec.behavior, wanted.spec.behavior) ||
    !covers(found.spec, wanted.spec) ||
    !covers(found.metadata.labels ?? {}, wanted.metadata.labels) ||
    !covers(found.metadata.annotations ?? {}, wanted.metadata.annotations)
  )
}

/** True when everything in `wanted` is in `found` with the same value. */
function covers(found: any, wanted: any): boolean {
  if (wanted === undefined || wanted === null) return true
  if (Array.isArray(wanted)) {
    if (!Array.isArray(found) || found.length !== wanted.length) return false
    return wanted.every((item, index) => covers(found[index], item))
  }
  if (typeof wanted === 'object') {
    if (typeof found !== 'object' || found === null) return false
    return Object.entries(wanted).every(([key, value]) => covers(found[key], value))
  }
  return isDeepStrictEqual(found, wanted)
}
