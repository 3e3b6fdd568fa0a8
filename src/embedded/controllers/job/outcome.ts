/** Whether a Job is over, and how. */
import type { KubeObject } from '../../objects.ts'
import type { Pod } from '../shared/pods.ts'
import { judgeFailure } from './failure-policy.ts'
import type { JobPods } from './pods.ts'

export interface Outcome {
  kind: 'Complete' | 'Failed'
  reason: string
  message: string
}

export interface Counts {
  succeeded: number
  failed: number
}

/** The end that the Job has come to; undefined while it goes on. */
export function outcomeOf(job: KubeObject, pods: JobPods, counts: Counts, now: number): Outcome | undefined {
  const { completions, backoffLimit = 6, activeDeadlineSeconds } = job.spec
  for (const pod of pods.failed) {
    const { action, message } = judgeFailure(job, pod)
    if (action === 'FailJob') return { kind: 'Failed', reason: 'PodFailurePolicy', message }
  }
  if (counts.failed > backoffLimit || restartsExceed(job, pods.active, backoffLimit)) {
    const message = 'Job has reached the specified backoff limit'
    return { kind: 'Failed', reason: 'BackoffLimitExceeded', message }
  }
  const started = Date.parse(job.status?.startTime ?? '')
  if (activeDeadlineSeconds !== undefined && now >= started + activeDeadlineSeconds * 1000) {
    const message = 'Job was active longer than specified deadline'
    return { kind: 'Failed', reason: 'DeadlineExceeded', message }
  }
  const running = pods.active.length + pods.terminating.length
  // Without completions any success ends the work, once the others have finished as well.
  const done =
    completions === undefined ? counts.succeeded > 0 && running === 0 : counts.succeeded >= completions
  if (!done) return undefined
  return {
    kind: 'Complete',
    reason: 'CompletionsReached',
    message: 'Reached expected number of succeeded pods',
  }
}

/** With restartPolicy OnFailure the kubelet's restarts are the retries. */
function restartsExceed(job: KubeObject, active: Pod[], backoffLimit: number): boolean {
  if (job.spec.template.spec.restartPolicy !== 'OnFailure') return false
  const restarts = active
    .flatMap((pod) => [
      ...(pod.status?.initContainerStatuses ?? []),
      ...(pod.status?.containerStatuses ?? []),
    ])
    .reduce((sum: number, { restartCount = 0 }: any) => sum + restartCount, 0)
  return backoffLimit === 0 ? restarts > 0 : restarts >= backoffLimit
}
