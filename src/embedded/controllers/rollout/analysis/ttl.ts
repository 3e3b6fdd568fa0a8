/** ttlStrategy: AnalysisRuns that have ended go after a while. */
import type { KubeObject } from '../../../objects.ts'

interface TtlStrategy {
  secondsAfterCompletion?: number
  secondsAfterFailure?: number
  secondsAfterSuccess?: number
}

/** When the run is to be deleted, in ms; undefined when it stays. The narrower field wins. */
export function expiryOf({ spec, status }: KubeObject): number | undefined {
  const strategy: TtlStrategy | undefined = spec.ttlStrategy
  if (!strategy || !status?.completedAt) return undefined
  const byPhase: Record<string, number | undefined> = {
    Successful: strategy.secondsAfterSuccess,
    Failed: strategy.secondsAfterFailure,
  }
  const seconds = byPhase[status.phase] ?? strategy.secondsAfterCompletion
  return seconds === undefined ? undefined : Date.parse(status.completedAt) + seconds * 1000
}
