/** Defaults of a ScaledObject's replica numbers and times, and the check that they fit together. */
import type { ScaledObjectSpec } from './types.ts'

const DEFAULT_MAX = 100
const DEFAULT_POLLING_SECONDS = 30
const DEFAULT_COOLDOWN_SECONDS = 300

/** KEDA's own minimum: 0 means that it may scale to zero. */
export const minReplicas = (spec: ScaledObjectSpec) => spec.minReplicaCount ?? 0
/** The HPA cannot go below 1. */
export const hpaMinReplicas = (spec: ScaledObjectSpec) => Math.max(1, spec.minReplicaCount ?? 1)
export const maxReplicas = (spec: ScaledObjectSpec) => spec.maxReplicaCount ?? DEFAULT_MAX
export const pollingMs = (spec: ScaledObjectSpec) => (spec.pollingInterval ?? DEFAULT_POLLING_SECONDS) * 1000
export const cooldownMs = (spec: ScaledObjectSpec) => (spec.cooldownPeriod ?? DEFAULT_COOLDOWN_SECONDS) * 1000
export const initialCooldownMs = (spec: ScaledObjectSpec) => (spec.initialCooldownPeriod ?? 0) * 1000

/** What is wrong with min, max and idle; undefined when they fit. */
export function boundsError(spec: ScaledObjectSpec): string | undefined {
  const max = maxReplicas(spec)
  const min = minReplicas(spec)
  if (min > max) return `MinReplicaCount=${min} must be less than MaxReplicaCount=${max}`
  if (spec.idleReplicaCount === undefined) return undefined
  // An explicit 0 is compared as the HPA's minimum, an absent minimum as 0: so upstream.
  const compared = spec.minReplicaCount === undefined ? 0 : hpaMinReplicas(spec)
  if (spec.idleReplicaCount < compared) return undefined
  return `IdleReplicaCount=${spec.idleReplicaCount} must be less than MinReplicaCount=${compared}`
}
