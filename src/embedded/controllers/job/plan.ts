/** What one sync of a Job works out: counters, conditions, changes. */
import { rfc3339 } from '../../../lib/clock.ts'
import type { KubeObject } from '../../objects.ts'
import type { Change } from '../runtime/changes.ts'
import { type Condition, findCondition, withoutCondition } from '../shared/conditions.ts'
import { compact } from '../shared/json.ts'
import { isReady, type Pod } from '../shared/pods.ts'
import { JOBS, PODS } from '../shared/resources.ts'
import { countOrOmit, statusChanges } from '../shared/status.ts'
import { judgeFailure } from './failure-policy.ts'
import { formatIndexes, indexOf, isTracked, type JobPods, parseIndexes, sortPods, TRACKING } from './pods.ts'

export const COMPONENT = 'job-controller'

export class Plan {
  readonly job: KubeObject
  readonly all: Pod[]
  readonly pods: JobPods
  readonly now: number
  readonly changes: Change[] = []
  readonly completed: Set<number>
  readonly succeeded: number
  readonly failed: number
  conditions: Condition[]
  startTime: string | undefined
  completionTime: string | undefined
  /** Pods that this sync makes: active before the next one sees them. */
  created = 0
  /** Pods that this sync deletes. */
  readonly removed = new Set<Pod>()

  constructor(job: KubeObject, all: Pod[], now: number) {
    const before = job.status ?? {}
    this.job = job
    this.all = all
    this.now = now
    this.pods = sortPods(job, all)
    this.conditions = before.conditions ?? []
    this.startTime = before.startTime
    this.completionTime = before.completionTime
    this.completed = parseIndexes(before.completedIndexes)
    for (const pod of this.pods.succeeded) if (indexOf(pod) >= 0) this.completed.add(indexOf(pod))
    const counted = this.pods.failed.filter((pod) => judgeFailure(job, pod).action !== 'Ignore')
    this.failed = (before.failed ?? 0) + counted.length
    this.succeeded = this.indexed ? this.completed.size : (before.succeeded ?? 0) + this.pods.succeeded.length
  }

  get indexed(): boolean {
    return this.job.spec.completionMode === 'Indexed'
  }

  has(type: string): Condition | undefined {
    const condition = findCondition(this.conditions, type)
    return condition?.status === 'True' ? condition : undefined
  }

  condition(type: string, status: 'True' | 'False', reason: string, message: string): void {
    const time = rfc3339(this.now)
    const condition = { type, status, reason, message, lastProbeTime: time, lastTransitionTime: time }
    this.conditions = [...withoutCondition(this.conditions, type), condition]
  }

  event(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.changes.push({ verb: 'event', regarding: this.job, type, reason, message, component: COMPONENT })
  }

  /** `uncounted`: their end says nothing about the work, so it is not to be counted as a failure. */
  removePods(pods: Pod[], options: { uncounted: boolean }): void {
    for (const pod of pods) {
      if (options.uncounted && isTracked(pod)) this.changes.push(release(pod))
      const { namespace, name, uid } = pod.metadata
      this.removed.add(pod)
      this.changes.push({
        verb: 'delete',
        resource: PODS,
        namespace,
        name,
        options: { preconditions: { uid } },
      })
      this.event('Normal', 'SuccessfulDelete', `Deleted pod: ${name}`)
    }
  }

  /** Plans the status, and after it the release of the pods that it counts. */
  finish(): Change[] {
    const { active, terminating } = this.pods
    const staying = active.filter((pod) => !this.removed.has(pod))
    const status = compact({
      conditions: this.conditions.length > 0 ? this.conditions : undefined,
      startTime: this.startTime,
      completionTime: this.completionTime,
      active: countOrOmit(staying.length + this.created),
      ready: staying.filter(isReady).length,
      terminating: terminating.length + this.removed.size,
      succeeded: countOrOmit(this.succeeded),
      failed: countOrOmit(this.failed),
      completedIndexes: this.indexed && this.completed.size > 0 ? formatIndexes(this.completed) : undefined,
      uncountedTerminatedPods: {},
    })
    this.changes.push(...statusChanges(JOBS, this.job, status), ...this.#countedPods().map(release))
    return this.changes
  }

  #countedPods(): Pod[] {
    return [...this.pods.succeeded, ...this.pods.failed]
  }
}

/** Lets go of a pod. */
function release(pod: Pod): Change {
  const { namespace, name, finalizers = [] } = pod.metadata
  const kept = finalizers.filter((one) => one !== TRACKING)
  const patch = { metadata: { finalizers: kept.length > 0 ? kept : null } }
  return { verb: 'patch', resource: PODS, namespace, name, patch }
}
