/** Which AnalysisRuns of a Rollout are the ones that its current update is about. */
import type { KubeObject } from '../../../objects.ts'
import type { RolloutStatus } from '../types.ts'

/** The runs by role, and the runs of earlier updates. */
export interface CurrentRuns {
  step?: KubeObject
  background?: KubeObject
  prePromotion?: KubeObject
  postPromotion?: KubeObject
  others: KubeObject[]
}

/** Sorts the runs by the names that the status has for them. */
export function currentRuns(runs: KubeObject[], status: RolloutStatus): CurrentRuns {
  const find = (summary: { name: string } | undefined) =>
    runs.find((run) => summary !== undefined && run.metadata.name === summary.name)
  const { canary, blueGreen } = status
  const step = find(canary?.currentStepAnalysisRunStatus)
  const background = find(canary?.currentBackgroundAnalysisRunStatus)
  const prePromotion = find(blueGreen?.prePromotionAnalysisRunStatus)
  const postPromotion = find(blueGreen?.postPromotionAnalysisRunStatus)
  const current = [step, background, prePromotion, postPromotion]
  return {
    ...(step ? { step } : {}),
    ...(background ? { background } : {}),
    ...(prePromotion ? { prePromotion } : {}),
    ...(postPromotion ? { postPromotion } : {}),
    others: runs.filter((run) => !current.includes(run)),
  }
}
