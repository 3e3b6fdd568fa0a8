/** Checks of a Rollout's spec outside its strategy. */

import type { KubeObject } from '../../../objects.ts'
import { defaultReplicaSet } from '../../../schema/defaults/workloads.ts'
import { replicaSetErrors } from '../../../schema/validation/workloads.ts'
import { progressDeadlineSeconds, revisionHistoryLimit } from '../spec.ts'
import { firstError, invalid, required } from './field-error.ts'

export function specError(rollout: KubeObject): string | undefined {
  const { spec } = rollout
  const deadline = progressDeadlineSeconds(rollout)
  return firstError(
    () => negative('replicas', spec.replicas),
    () => selectorError(spec),
    () => templateError(rollout),
    () => negative('minReadySeconds', spec.minReadySeconds),
    () => negative('revisionHistoryLimit', revisionHistoryLimit(rollout)),
    () => negative('progressDeadlineSeconds', deadline),
    () =>
      deadline <= (spec.minReadySeconds ?? 0)
        ? invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds')
        : undefined,
  )
}

function negative(field: string, value: number | undefined): string | undefined {
  if (value === undefined || value >= 0) return undefined
  return invalid(`spec.${field}`, value, 'must be greater than or equal to 0')
}

function selectorError({ selector }: any): string | undefined {
  if (!selector) return required('spec.selector', "Rollout has missing field '.spec.selector'")
  const terms = Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length
  return terms > 0
    ? undefined
    : invalid('spec.selector', selector, 'empty selector is invalid for deployment')
}

/** What the API would say to the ReplicaSet that is made of the template. */
function templateError({ metadata, spec }: KubeObject): string | undefined {
  if (!spec.template) return required('spec.template.spec.containers', '')
  const replicaSet = structuredClone({
    metadata: { name: metadata.name },
    spec: { selector: spec.selector, template: spec.template },
  })
  defaultReplicaSet(replicaSet)
  const [error] = replicaSetErrors(replicaSet).filter(({ field }) => field.startsWith('spec.template'))
  if (!error) return undefined
  const { type, field, detail, badValue } = error
  if (type === 'Invalid') return invalid(field, badValue, detail)
  if (type === 'Required') return required(field, detail).replace(/: $/, '')
  const value = badValue === undefined ? '' : `: ${JSON.stringify(badValue)}`
  const kind = type === 'NotSupported' ? 'Unsupported value' : type === 'Forbidden' ? 'Forbidden' : type
  return `${field}: ${kind}${value}${detail ? `: ${detail}` : ''}`
}
