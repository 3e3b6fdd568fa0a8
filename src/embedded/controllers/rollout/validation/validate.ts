/** Whether a Rollout can be carried out: its spec first, then what it refers to. */
import type { RolloutInput } from '../plan.ts'
import { analysisError } from './analyses.ts'
import { firstError } from './field-error.ts'
import { ingressError } from './ingresses.ts'
import { serviceError } from './services.ts'
import { specError } from './spec.ts'
import { strategyError } from './strategy.ts'

/** The first error as text, with upstream's paths and words; undefined for a valid Rollout. */
export function validateRollout(input: RolloutInput): string | undefined {
  const { rollout } = input
  return firstError(
    () => specError(rollout),
    () => strategyError(rollout),
    () => serviceError(input),
    () => ingressError(input),
    () => analysisError(input),
  )
}
