/** Stabilisation: a recommendation counts only with what was recommended before it. */
import type { Memory, Recommendation } from './memory.ts'

/** Default of --horizontal-pod-autoscaler-downscale-stabilization. */
export const DOWNSCALE_WINDOW_MS = 300_000

export interface Reasoned {
  replicas: number
  reason: string
  message: string
}

const SCALE_DOWN_STABILIZED = {
  reason: 'ScaleDownStabilized',
  message: 'recent recommendations were higher than current one, applying the highest recent recommendation',
}
const SCALE_UP_STABILIZED = {
  reason: 'ScaleUpStabilized',
  message: 'recent recommendations were lower than current one, applying the lowest recent recommendation',
}

/** Without `spec.behavior`: the highest recommendation of the downscale window. */
export function stabilise(memory: Memory, desired: number, now: number): Reasoned {
  const seen = within(memory.recommendations, DOWNSCALE_WINDOW_MS, now)
  return { replicas: Math.max(desired, ...seen), ...SCALE_DOWN_STABILIZED }
}

/** The windows of `spec.behavior`, in ms. An unset scaleDown window is the cluster's default. */
export function windowsOf(behavior: any): { upMs: number; downMs: number } {
  const upSeconds = behavior?.scaleUp?.stabilizationWindowSeconds ?? 0
  const downSeconds = behavior?.scaleDown?.stabilizationWindowSeconds
  return {
    upMs: upSeconds * 1000,
    downMs: downSeconds === undefined ? DOWNSCALE_WINDOW_MS : downSeconds * 1000,
  }
}

/** With `spec.behavior`: up to the lowest of the scaleUp window, down to the highest of the scaleDown window. */
export function stabiliseWithBehavior(
  memory: Memory,
  behavior: any,
  current: number,
  desired: number,
  now: number,
): Reasoned {
  const { upMs, downMs } = windowsOf(behavior)
  const up = Math.min(desired, ...within(memory.recommendations, upMs, now))
  const down = Math.max(desired, ...within(memory.recommendations, downMs, now))
  const replicas = Math.min(Math.max(current, up), down)
  return { replicas, ...(desired >= current ? SCALE_UP_STABILIZED : SCALE_DOWN_STABILIZED) }
}

function within(recommendations: Recommendation[], windowMs: number, now: number): number[] {
  return recommendations.filter(({ atMs }) => atMs > now - windowMs).map(({ replicas }) => replicas)
}
