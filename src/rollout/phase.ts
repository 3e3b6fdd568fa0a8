/** A Rollout's phase as clients show it: the controller's own, unless it has not seen the last change yet. */
import type { KubeObject } from '../lib/kube/object.ts'

export interface Phase {
  phase: string
  message: string
}

export function phaseOf({ metadata, spec, status = {} }: KubeObject): Phase {
  const waiting = (message: string): Phase => ({ phase: 'Progressing', message })
  const observed = Number(status.observedGeneration ?? Number.NaN)
  if (observed < (metadata.generation ?? 0)) {
    return waiting('waiting for rollout spec update to be observed')
  }
  if (status.controllerPause && !status.pauseConditions?.length) {
    return waiting('waiting for rollout to unpause')
  }
  const workload = Number(metadata.annotations?.['rollout.argoproj.io/workload-generation'] ?? Number.NaN)
  if (
    spec?.workloadRef &&
    Number(status.workloadObservedGeneration) !== workload &&
    !Number.isNaN(workload)
  ) {
    return waiting('waiting for rollout spec update to be observed for the reference workload')
  }
  // Without a phase the controller has not looked at it at all.
  return { phase: status.phase ?? 'Progressing', message: status.message ?? '' }
}
