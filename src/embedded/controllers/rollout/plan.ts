/** What one pass over a Rollout works on: working copies of what was read, what is decided, the changes so far. */
import { rfc3339 } from '../../../lib/clock.ts'
import type { KubeObject } from '../../objects.ts'
import type { Change } from '../runtime/changes.ts'
import { type Condition, replaceCondition } from '../shared/conditions.ts'
import type { CurrentRuns } from './analysis/current-runs.ts'
import { COMPONENT } from './names.ts'
import type { PauseReason, RolloutStatus, TrafficWeights } from './types.ts'

/** What the controller read for one pass. */
export interface RolloutInput {
  /** With the template of its workloadRef, if it has one. */
  rollout: KubeObject
  /** Those that the Rollout controls. */
  replicaSets: KubeObject[]
  /** Services of its namespace that the Rollout names. */
  services: KubeObject[]
  /** Ingresses of its namespace; needed with a traffic router only. */
  ingresses: KubeObject[]
  /** AnalysisRuns that the Rollout controls. */
  analysisRuns: KubeObject[]
  /** Experiments that the Rollout controls. */
  experiments: KubeObject[]
  /** The templates that its analyses name. */
  templates: AnalysisTemplates
  /** Pods of its ReplicaSets; needed for restarts and for metadata of live pods only. */
  pods: KubeObject[]
  /** PodDisruptionBudgets of its namespace; needed for restarts only. */
  budgets: KubeObject[]
  /** The Deployment that its workloadRef names. */
  workload: KubeObject | undefined
  now: number
}

/** Analysis templates by name. */
export interface AnalysisTemplates {
  namespaced: Map<string, KubeObject>
  cluster: Map<string, KubeObject>
}

/** What this pass wants with pauses and the abort; resolved into the status at its end. */
export interface PauseIntent {
  add: Set<PauseReason>
  remove: Set<PauseReason>
  clear: boolean
  /** Why the pass itself aborts, if it does. */
  abort: string | undefined
  removeAbort: boolean
}

export interface RolloutPlan extends RolloutInput {
  /** Status as it was, with the Paused and Progressing conditions brought up to date. */
  before: RolloutStatus
  /** The ReplicaSet of the current template: the canary, or the preview. */
  newSet: KubeObject
  /** The one that status.stableRS names; `newSet` itself once promoted, absent on the first deploy. */
  stableSet: KubeObject | undefined
  /** The new ReplicaSet had a scale-down deadline when the pass began: this goes back within the delay. */
  withinDelay: boolean
  /** Neither new nor stable. */
  otherSets: KubeObject[]
  pause: PauseIntent
  runs: CurrentRuns
  /** The Experiment of the current step. */
  currentExperiment: KubeObject | undefined
  /** Weights as this pass leaves them. */
  weights: TrafficWeights | undefined
  restartedAt: string | undefined
  changes: Change[]
  /** Look again after so many ms; the earliest of all wishes. */
  requeueAfterMs: number | undefined
}

export function noPauseIntent(): PauseIntent {
  return { add: new Set(), remove: new Set(), clear: false, abort: undefined, removeAbort: false }
}

export function requeueAfter(plan: RolloutPlan, ms: number): void {
  plan.requeueAfterMs = Math.max(1, Math.min(ms, plan.requeueAfterMs ?? Number.POSITIVE_INFINITY))
}

export function isAborted({ pause, before }: RolloutPlan): boolean {
  return !pause.removeAbort && (pause.abort !== undefined || before.abort === true)
}

export function pauseCondition(plan: RolloutPlan, reason: PauseReason) {
  return plan.before.pauseConditions?.find((condition) => condition.reason === reason)
}

/** A person paused the Rollout, or an analysis was inconclusive: nothing scales, nothing is promoted. */
export function isHalted(plan: RolloutPlan): boolean {
  return plan.rollout.spec.paused === true || pauseCondition(plan, 'InconclusiveAnalysisRun') !== undefined
}

export function eventOn(
  rollout: KubeObject,
  reason: string,
  message: string,
  type: 'Normal' | 'Warning' = 'Normal',
): Change {
  return { verb: 'event', regarding: rollout, type, reason, message, component: COMPONENT }
}

/** The event that greets a Rollout; none for one that has been looked at before. */
export function firstSight(rollout: KubeObject): Change[] {
  if (rollout.status !== undefined) return []
  const { namespace, name } = rollout.metadata
  return [
    eventOn(rollout, 'RolloutAddedToInformer', `Rollout resource added to informer: ${namespace}/${name}`),
  ]
}

export function planEvent(
  plan: RolloutPlan,
  reason: string,
  message: string,
  type: 'Normal' | 'Warning' = 'Normal',
): void {
  plan.changes.push(eventOn(plan.rollout, reason, message, type))
}

/** Sets a condition of a status; answers whether status or reason changed, which alone is stored. */
export function putCondition(
  status: RolloutStatus,
  condition: Pick<Condition, 'type' | 'status' | 'reason' | 'message'>,
  now: number,
): boolean {
  const before = status.conditions ?? []
  const time = rfc3339(now)
  status.conditions = replaceCondition(before, {
    ...condition,
    lastUpdateTime: time,
    lastTransitionTime: time,
  })
  return status.conditions !== before
}
