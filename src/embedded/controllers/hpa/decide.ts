/** From what is wanted to what is done in this sync: stabilised, then limited, with the conditions that say so. */
import { type Bounds, limit, limitWithBehavior, WITHIN_RANGE } from './limits.ts'
import { type Memory, withRecommendation } from './memory.ts'
import { DOWNSCALE_WINDOW_MS, stabilise, stabiliseWithBehavior, windowsOf } from './stabilise.ts'

export interface Outcome {
  type: string
  status: 'True' | 'False'
  reason: string
  message: string
}

export interface Decision {
  replicas: number
  conditions: Outcome[]
  /** Remembers the recommendation as it was before stabilisation. */
  memory: Memory
}

/** `desired` is the metrics' recommendation. */
export function decide(
  desired: number,
  bounds: Bounds,
  behavior: any,
  memory: Memory,
  now: number,
): Decision {
  const stable = behavior
    ? stabiliseWithBehavior(memory, behavior, bounds.current, desired, now)
    : stabilise(memory, desired, now)
  const limited = behavior
    ? limitWithBehavior(stable.replicas, bounds, behavior, memory, now)
    : limit(stable.replicas, bounds)
  const steady = stable.replicas === desired
  const windows = windowsOf(behavior)
  return {
    replicas: limited.replicas,
    conditions: [
      {
        type: 'AbleToScale',
        status: 'True',
        reason: steady ? 'ReadyForNewScale' : stable.reason,
        message: steady ? 'recommended size matches current size' : stable.message,
      },
      {
        type: 'ScalingLimited',
        status: limited.reason === WITHIN_RANGE.reason ? 'False' : 'True',
        reason: limited.reason,
        message: limited.message,
      },
    ],
    memory: withRecommendation(
      memory,
      desired,
      now,
      behavior ? Math.max(windows.upMs, windows.downMs) : DOWNSCALE_WINDOW_MS,
    ),
  }
}
