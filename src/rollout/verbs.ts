/** What people do to a Rollout, as the merge patches that the kubectl plugin writes. Pure. */
import { DevenvError } from '../lib/errors.ts'
import type { KubeObject } from '../lib/kube/object.ts'

/** Patches of the main resource and of its status; what is absent is not written. */
export interface Patches {
  spec?: Record<string, unknown>
  status?: Record<string, unknown>
}

export interface PromoteOptions {
  /** Everything at once: no steps, pauses or analysis. */
  full?: boolean
  skipCurrentStep?: boolean
}

/** On to the next step, past a pause, or all the way. Throws USAGE when there is no step to skip. */
export function promotePatches(rollout: KubeObject, options: PromoteOptions = {}): Patches {
  const { spec, status = {} } = rollout
  if (options.skipCurrentStep) return { status: { currentStepIndex: nextStep(rollout) } }
  const unpause = spec.paused ? { spec: { paused: false } } : {}
  if (options.full) {
    const updating = status.currentPodHash !== status.stableRS
    return { ...unpause, ...(updating ? { status: { promoteFull: true } } : {}) }
  }
  const paused = (status.pauseConditions ?? []).length > 0
  const inconclusive = status.canary?.currentStepAnalysisRunStatus?.status === 'Inconclusive'
  if (paused && inconclusive && status.controllerPause) {
    const currentStepIndex = nextStep(rollout)
    return { ...unpause, status: { pauseConditions: null, controllerPause: false, currentStepIndex } }
  }
  if (paused) return { ...unpause, status: { pauseConditions: null } }
  if (!spec.strategy?.canary?.steps?.length) return unpause
  return { ...unpause, status: { pauseConditions: null, currentStepIndex: nextStep(rollout) } }
}

function nextStep({ metadata, spec, status = {} }: KubeObject): number {
  const steps: unknown[] = spec.strategy?.canary?.steps ?? []
  if (steps.length === 0) throw new DevenvError('USAGE', `Rollout ${metadata.name} has no canary steps`)
  return Math.min(steps.length, (status.currentStepIndex ?? 0) + 1)
}

/** Back to the stable version at once; the update stays in the spec. */
export function abortPatches(): Patches {
  return { status: { abort: true } }
}

/** Starts an aborted update again, at its first step. */
export function retryPatches(): Patches {
  return { status: { abort: false } }
}

/** Replaces every pod that is older than now, a few at a time. */
export function restartPatches(nowMs: number): Patches {
  return { spec: { restartAt: `${new Date(nowMs).toISOString().slice(0, 19)}Z` } }
}
