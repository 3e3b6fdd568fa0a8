/** A reconcile step that failed: the step's own message in front of the cause. */
import { messageOf } from '../../../../lib/errors.ts'

export const STEP = {
  target: "ScaledObject doesn't have correct scaleTargetRef specification",
  bounds: "ScaledObject doesn't have correct Idle/Min/Max Replica Counts specification",
  triggers: "ScaledObject doesn't have correct triggers specification",
  hpa: 'failed to ensure HPA is correctly created for ScaledObject',
  pause: 'failed to scale target to paused replica count',
} as const

export class StepError extends Error {
  /** An event of its own, beside the one for the failed check. */
  readonly extraEvent: string | undefined

  constructor(step: string, cause: unknown, extraEvent?: string) {
    super(`${step}: ${messageOf(cause)}`, { cause })
    this.extraEvent = extraEvent
  }
}
