/** One sync of a Job, pure: what was read in, changes out. */
import { rfc3339 } from '../../../lib/clock.ts'
import type { KubeObject } from '../../objects.ts'
import type { Change } from '../runtime/changes.ts'
import type { Pod } from '../shared/pods.ts'
import { JOBS, PODS } from '../shared/resources.ts'
import { backoffMs } from './backoff.ts'
import { outcomeOf } from './outcome.ts'
import { Plan } from './plan.ts'
import { indexOf } from './pods.ts'
import { podOf } from './template.ts'

export interface JobInput {
  job: KubeObject
  /** Those that the Job controls. */
  pods: Pod[]
  now: number
}

/** The next step of a Job: count what ended, decide whether it is over, else keep enough pods running. */
export function reconcileJob({ job, pods, now }: JobInput): { changes: Change[]; requeueAfterMs?: number } {
  const plan = new Plan(job, pods, now)
  if (plan.has('Complete') || plan.has('Failed')) return afterTheEnd(plan)
  if (job.metadata.deletionTimestamp) return { changes: plan.finish() }
  if (job.spec.suspend) return suspend(plan)
  resume(plan)
  const waits: number[] = []
  if (!conclude(plan)) {
    const wait = run(plan)
    if (wait > 0) waits.push(wait)
    const deadline = job.spec.activeDeadlineSeconds
    if (deadline !== undefined) waits.push(Date.parse(plan.startTime!) + deadline * 1000 - now)
  }
  const changes = plan.finish()
  return { changes, ...(waits.length > 0 ? { requeueAfterMs: Math.max(1, Math.min(...waits)) } : {}) }
}

/** A finished Job is kept until its TTL has passed; its dependents go before it. */
function afterTheEnd(plan: Plan): { changes: Change[]; requeueAfterMs?: number } {
  const { job, now } = plan
  const changes = plan.finish()
  const ttl = job.spec.ttlSecondsAfterFinished
  const end = (plan.has('Complete') ?? plan.has('Failed'))!.lastTransitionTime
  if (ttl === undefined || job.metadata.deletionTimestamp) return { changes }
  const left = Date.parse(end ?? '') + ttl * 1000 - now
  if (left > 0) return { changes, requeueAfterMs: left }
  const { namespace, name, uid } = job.metadata
  const options = { propagationPolicy: 'Foreground' as const, preconditions: { uid } }
  return { changes: [...changes, { verb: 'delete', resource: JOBS, namespace, name, options }] }
}

function suspend(plan: Plan): { changes: Change[] } {
  plan.removePods(plan.pods.active, { uncounted: true })
  if (!plan.has('Suspended')) {
    plan.condition('Suspended', 'True', 'JobSuspended', 'Job suspended')
    plan.event('Normal', 'Suspended', 'Job suspended')
  }
  plan.startTime = undefined
  return { changes: plan.finish() }
}

function resume(plan: Plan): void {
  if (plan.has('Suspended')) {
    plan.condition('Suspended', 'False', 'JobResumed', 'Job resumed')
    plan.event('Normal', 'Resumed', 'Job resumed')
    plan.startTime = undefined
  }
  plan.startTime ??= rfc3339(plan.now)
}

/** Announces the end, stops what still runs, and declares the end when nothing runs. Answers whether it is over. */
function conclude(plan: Plan): boolean {
  const announced = plan.has('SuccessCriteriaMet') ?? plan.has('FailureTarget')
  const job = { ...plan.job, status: { ...plan.job.status, startTime: plan.startTime } }
  const outcome = announced
    ? { ...announced, kind: announced.type === 'FailureTarget' ? ('Failed' as const) : ('Complete' as const) }
    : outcomeOf(job, plan.pods, plan, plan.now)
  if (!outcome) return false
  const { kind, reason, message } = outcome
  if (!announced)
    plan.condition(kind === 'Failed' ? 'FailureTarget' : 'SuccessCriteriaMet', 'True', reason, message)
  plan.removePods(plan.pods.active, { uncounted: kind === 'Complete' })
  if (plan.pods.terminating.length + plan.removed.size > 0) return true
  plan.condition(kind, 'True', reason, message)
  if (kind === 'Complete') {
    plan.completionTime = rfc3339(plan.now)
    plan.event('Normal', 'Completed', 'Job completed')
  } else {
    plan.event('Warning', reason, message)
  }
  return true
}

/** Makes or removes pods; answers how long a failure keeps it from making more, in ms. */
function run(plan: Plan): number {
  const { job, pods } = plan
  const { parallelism = 1, podReplacementPolicy } = job.spec
  const wanted = wantedActive(plan)
  if (pods.active.length > wanted) {
    plan.removePods(pods.active.slice(wanted), { uncounted: true })
    return 0
  }
  // Under the Failed policy a terminating pod is not replaced before it has ended.
  const occupied = pods.active.length + (podReplacementPolicy === 'Failed' ? pods.terminating.length : 0)
  const missing = Math.min(wanted - occupied, parallelism)
  if (missing <= 0) return 0
  const wait = backoffMs(job, plan.all, plan.now)
  if (wait > 0) return wait
  const indexes = plan.indexed
    ? freeIndexes(plan).slice(0, missing)
    : Array<undefined>(missing).fill(undefined)
  for (const index of indexes) {
    plan.changes.push({ verb: 'create', resource: PODS, object: podOf(job, index) })
    plan.created++
  }
  return 0
}

function wantedActive(plan: Plan): number {
  const { parallelism = 1, completions } = plan.job.spec
  if (completions === undefined)
    return plan.succeeded > 0 ? Math.min(plan.pods.active.length, parallelism) : parallelism
  return Math.max(0, Math.min(parallelism, completions - plan.succeeded))
}

function freeIndexes(plan: Plan): number[] {
  const taken = new Set([...plan.pods.active, ...plan.pods.terminating].map(indexOf))
  const all = Array.from({ length: plan.job.spec.completions ?? 0 }, (_, index) => index)
  return all.filter((index) => !taken.has(index) && !plan.completed.has(index))
}
