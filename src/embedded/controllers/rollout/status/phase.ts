/** Phase and message: the one line that clients show. */
import type { KubeObject } from '../../../objects.ts'
import { desiredReplicas, isBlueGreen, isTrafficRouted } from '../spec.ts'
import type { RolloutStatus } from '../types.ts'

export interface Phase {
  phase: 'Healthy' | 'Degraded' | 'Progressing' | 'Paused'
  message: string
}

/** First match, as upstream's CalculateRolloutPhase has it. */
export function phaseOf(rollout: KubeObject, status: RolloutStatus): Phase {
  return (
    degraded(status) ??
    paused(rollout, status) ??
    restarting(rollout, status) ??
    becomingAvailable(rollout, status) ??
    (isBlueGreen(rollout) ? switching(rollout, status) : stepping(rollout, status)) ?? {
      phase: 'Healthy',
      message: '',
    }
  )
}

/** The status with its phase and message, and with the generation that it is about. */
export function withPhase(rollout: KubeObject, status: RolloutStatus): RolloutStatus {
  const observedGeneration = String(rollout.metadata.generation ?? 1)
  return { ...status, observedGeneration, ...phaseOf(rollout, status) }
}

const progressing = (message: string): Phase => ({ phase: 'Progressing', message })

function degraded(status: RolloutStatus): Phase | undefined {
  for (const { type, reason, message } of status.conditions ?? []) {
    if (type === 'InvalidSpec') return { phase: 'Degraded', message: `InvalidSpec: ${message}` }
    if (reason === 'RolloutAborted' || reason === 'ProgressDeadlineExceeded') {
      return { phase: 'Degraded', message: `${reason}: ${message}` }
    }
  }
  return undefined
}

function paused(rollout: KubeObject, status: RolloutStatus): Phase | undefined {
  if (rollout.spec.paused) return { phase: 'Paused', message: 'manually paused' }
  const [first] = status.pauseConditions ?? []
  return first ? { phase: 'Paused', message: first.reason } : undefined
}

function restarting(rollout: KubeObject, status: RolloutStatus): Phase | undefined {
  const { restartAt } = rollout.spec
  if (!restartAt || Date.parse(restartAt) === Date.parse(status.restartedAt ?? '')) return undefined
  return progressing('rollout is restarting')
}

function becomingAvailable(rollout: KubeObject, status: RolloutStatus): Phase | undefined {
  const { updatedReplicas = 0, availableReplicas = 0 } = status
  if (updatedReplicas < desiredReplicas(rollout)) return progressing('more replicas need to be updated')
  if (availableReplicas < updatedReplicas) return progressing('updated replicas are still becoming available')
  return undefined
}

function switching(rollout: KubeObject, status: RolloutStatus): Phase | undefined {
  const { activeSelector, postPromotionAnalysisRunStatus } = status.blueGreen ?? {}
  if (!activeSelector || activeSelector !== status.currentPodHash) {
    return progressing('active service cutover pending')
  }
  if (status.stableRS && status.stableRS === status.currentPodHash) return undefined
  const analysis = rollout.spec.strategy.blueGreen.postPromotionAnalysis
  if (analysis && !isCompleted(postPromotionAnalysisRunStatus?.status)) {
    return progressing('waiting for analysis to complete')
  }
  return progressing('waiting for post-promotion verification to complete')
}

function stepping(rollout: KubeObject, status: RolloutStatus): Phase | undefined {
  const { replicas = 0, updatedReplicas = 0 } = status
  if (!isTrafficRouted(rollout) && replicas > updatedReplicas) {
    return progressing('old replicas are pending termination')
  }
  if (status.stableRS && status.stableRS === status.currentPodHash) return undefined
  return progressing('waiting for all steps to complete')
}

/** True for the phases that an AnalysisRun ends with. */
export function isCompleted(phase: string | undefined): boolean {
  return phase !== undefined && ['Successful', 'Failed', 'Error', 'Inconclusive'].includes(phase)
}
