/** What a Rollout's status says of its current AnalysisRuns. */
import type { KubeObject } from '../../../objects.ts'
import type { RolloutPlan } from '../plan.ts'
import { isBlueGreen } from '../spec.ts'
import type { AnalysisRunSummary, BlueGreenStatus, CanaryStatus } from '../types.ts'

export function runSummaries({ rollout, runs }: RolloutPlan): {
  canary: CanaryStatus
  blueGreen: BlueGreenStatus
} {
  if (isBlueGreen(rollout)) {
    const blueGreen = {
      ...named('prePromotionAnalysisRunStatus', runs.prePromotion),
      ...named('postPromotionAnalysisRunStatus', runs.postPromotion),
    }
    return { canary: {}, blueGreen }
  }
  const canary = {
    ...named('currentStepAnalysisRunStatus', runs.step),
    ...named('currentBackgroundAnalysisRunStatus', runs.background),
  }
  return { canary, blueGreen: {} }
}

function named<K extends string>(key: K, run: KubeObject | undefined) {
  return run ? ({ [key]: summaryOf(run) } as Record<K, AnalysisRunSummary>) : {}
}

/** Name, phase and message; the phase is empty until the run has been looked at. */
export function summaryOf(run: KubeObject): AnalysisRunSummary {
  const { phase = '', message } = run.status ?? {}
  return { name: run.metadata.name, status: phase, ...(message ? { message } : {}) }
}
