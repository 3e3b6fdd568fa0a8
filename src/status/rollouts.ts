/** Where a Rollout's canary stands. */
import type { KubeObject } from '../lib/kube/object.ts'
import type { CanaryStatus } from './status.ts'

/** Step, weight and phase from the Rollout's own status. */
export function canaryOf(rollout: KubeObject): CanaryStatus {
  const steps: any[] = rollout.spec?.strategy?.canary?.steps ?? []
  const status = rollout.status ?? {}
  const stable = status.stableRS !== undefined && status.stableRS === status.currentPodHash
  // Without a stable version yet, or on it, no canary is under way and the index points past the steps.
  const step = Math.min(status.currentStepIndex ?? (stable ? steps.length : 0), steps.length)
  const weights = steps.slice(0, step).filter((candidate) => candidate.setWeight !== undefined)
  const weight = status.abort ? 0 : step >= steps.length ? 100 : (weights.at(-1)?.setWeight ?? 0)
  return {
    namespace: rollout.metadata.namespace ?? '',
    name: rollout.metadata.name,
    phase: status.phase ?? 'Unknown',
    step,
    steps: steps.length,
    weight,
    message: status.abort ? 'aborted: all traffic on the stable version' : (status.message ?? ''),
  }
}

/** The canary as the sentence that explains the Rollout's replicas. */
export function whyRollout(rollout: KubeObject): string {
  const canary = canaryOf(rollout)
  if (canary.phase === 'Degraded') return `degraded: ${canary.message || 'see kubectl describe rollout'}`
  if (canary.step < canary.steps) {
    const tail = canary.message ? `, ${canary.message}` : ''
    return `canary at step ${canary.step}/${canary.steps}, weight ${canary.weight}%${tail}`
  }
  return canary.phase === 'Healthy' ? 'stable' : canary.message || 'as its spec says'
}
