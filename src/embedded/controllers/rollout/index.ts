/** Argo Rollouts: progressive delivery of ReplicaSets, steered by Rollouts and AnalysisRuns. */
import type { Controller } from '../runtime/controller.ts'
import { type AnalysisOptions, analysisRunController } from './analysis/controller.ts'
import { rolloutController } from './controller.ts'
import { experimentController } from './experiment/controller.ts'
import { serviceReleaseController } from './services/release.ts'

export type RolloutOptions = AnalysisOptions

/** Every controller of Argo Rollouts that the embedded cluster runs. */
export function rolloutControllers(options: RolloutOptions = {}): Controller[] {
  return [
    rolloutController(),
    serviceReleaseController(),
    analysisRunController(options),
    experimentController(),
  ]
}
