/** Values that a Rollout gives to the arguments of its analyses. */
import type { KubeObject } from '../../../objects.ts'
import { hashOf } from '../replica-sets.ts'
import type { AnalysisArgument } from '../types.ts'

/** Resolves hashes and fields of the Rollout; secrets stay references, which the run resolves. */
export function givenArguments(
  args: AnalysisArgument[] | undefined,
  rollout: KubeObject,
  newSet: KubeObject | undefined,
  stableSet: KubeObject | undefined,
): AnalysisArgument[] {
  return (args ?? []).map(({ name, value, valueFrom }) => {
    const { podTemplateHashValue, fieldRef, secretKeyRef } = valueFrom ?? {}
    if (podTemplateHashValue) {
      return { name, value: hashOf(podTemplateHashValue === 'Latest' ? newSet : stableSet) }
    }
    if (fieldRef) return { name, value: fieldOf(rollout, fieldRef.fieldPath) }
    if (secretKeyRef) return { name, valueFrom: { secretKeyRef } }
    return { name, value: value ?? '' }
  })
}

/** `metadata.labels['a']`, `spec.replicas`, `status.stableRS`; '' for what is not there. */
function fieldOf(object: KubeObject, path: string): string {
  const parts = [...path.matchAll(/\['([^']*)'\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    ([, key, index, name]) => key ?? index ?? name!,
  )
  const value = parts.reduce<any>((at, part) => at?.[part], object)
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
