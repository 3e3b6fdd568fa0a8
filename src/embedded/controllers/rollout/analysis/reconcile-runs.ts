/** The AnalysisRuns of an update: begun, waited for, ended. */
import type { KubeObject } from '../../../objects.ts'
import { currentStep } from '../canary/steps.ts'
import { ANALYSIS_RUNS } from '../names.ts'
import { isAborted, pauseCondition, planEvent, type RolloutPlan } from '../plan.ts'
import { isRollbackWithinWindow } from '../rollback-window.ts'
import { isBlueGreen } from '../spec.ts'
import { isCompleted } from '../status/phase.ts'
import { isPromoted } from '../status/progress.ts'
import type { AnalysisRunSummary } from '../types.ts'
import { isPostPromotionSkipped, isPrePromotionSkipped } from './blue-green-runs.ts'
import type { CurrentRuns } from './current-runs.ts'
import { createRun, type RunType, STEP_INDEX } from './new-run.ts'
import { historyExcess } from './retention.ts'

/** A failed run aborts the update, an inconclusive one pauses it. */
export function reconcileAnalysis(plan: RolloutPlan): void {
  const { before, runs } = plan
  const skip =
    isAborted(plan) ||
    before.promoteFull ||
    plan.withinDelay ||
    !before.stableRS ||
    isRollbackWithinWindow(plan)
  if (skip) {
    const { step, background, prePromotion, postPromotion, others } = runs
    terminate(plan, [step, background, prePromotion, postPromotion, ...others])
    return
  }
  const current: CurrentRuns = isBlueGreen(plan.rollout) ? blueGreenRuns(plan) : canaryRuns(plan)
  plan.runs = current
  terminate(plan, current.others)
  forget(plan)
  tellChanges(plan)
}

function canaryRuns(plan: RolloutPlan): CurrentRuns {
  const step = stepRun(plan)
  judge(plan, step, 'Step-based analysis')
  const background = backgroundRun(plan)
  judge(plan, background, 'Background analysis')
  return withOthers(plan, { step, background })
}

function blueGreenRuns(plan: RolloutPlan): CurrentRuns {
  const { prePromotionAnalysis: pre, postPromotionAnalysis: post } = plan.rollout.spec.strategy.blueGreen
  const prePromotion = promotionRun(
    plan,
    pre,
    'PrePromotion',
    plan.runs.prePromotion,
    isPrePromotionSkipped(plan),
  )
  judge(plan, prePromotion, 'Blue/green pre-promotion analysis')
  const postPromotion = promotionRun(
    plan,
    post,
    'PostPromotion',
    plan.runs.postPromotion,
    isPostPromotionSkipped(plan),
  )
  judge(plan, postPromotion, 'Blue/green post-promotion analysis')
  return withOthers(plan, { prePromotion, postPromotion })
}

type Roles = Record<string, KubeObject | undefined>

function withOthers({ analysisRuns }: RolloutPlan, roles: Roles): CurrentRuns {
  const names = new Set(Object.values(roles).map((run) => run?.metadata.name))
  const kept = Object.entries(roles).filter(([, run]) => run !== undefined)
  return {
    ...Object.fromEntries(kept),
    others: analysisRuns.filter(({ metadata }) => !names.has(metadata.name)),
  }
}

function stepRun(plan: RolloutPlan): KubeObject | undefined {
  const { rollout, before, runs } = plan
  if ((before.pauseConditions ?? []).length > 0) return runs.step
  const { step, index } = currentStep(rollout, before)
  if (!step?.analysis?.templates?.length) {
    terminate(plan, [runs.step])
    return undefined
  }
  // The run of the step before, when a person went on while it ran.
  const stale = runs.step && runs.step.metadata.labels?.[STEP_INDEX] !== String(index)
  if (stale) terminate(plan, [runs.step])
  if (!stale && runs.step && !needsNewRun(plan, runs.step)) return runs.step
  return createRun(plan, { analysis: step.analysis, type: 'Step', infix: String(index), stepIndex: index! })
}

function backgroundRun(plan: RolloutPlan): KubeObject | undefined {
  const { rollout, before, runs } = plan
  const { analysis } = rollout.spec.strategy.canary
  if (!analysis?.templates?.length) {
    terminate(plan, [runs.background])
    return undefined
  }
  const { index } = currentStep(rollout, before)
  const early = analysis.startingStep !== undefined && (index ?? 0) < analysis.startingStep
  if (isPromoted(before) || !before.currentPodHash || early) return undefined
  if (pauseCondition(plan, 'InconclusiveAnalysisRun')) return runs.background
  if (runs.background && !needsNewRun(plan, runs.background)) return runs.background
  return createRun(plan, { analysis, type: 'Background', infix: '' })
}

function promotionRun(
  plan: RolloutPlan,
  analysis: any,
  type: 'PrePromotion' | 'PostPromotion',
  current: KubeObject | undefined,
  skipped: boolean,
): KubeObject | undefined {
  if (!analysis?.templates?.length || skipped) {
    terminate(plan, [current])
    return analysis ? current : undefined
  }
  if (pauseCondition(plan, 'InconclusiveAnalysisRun')) return current
  if (current && !needsNewRun(plan, current)) return current
  return createRun(plan, { analysis, type, infix: type === 'PrePromotion' ? 'pre' : 'post' })
}

/** After an inconclusive run that a person passed over, and after the retry of an abort. */
function needsNewRun(plan: RolloutPlan, run: KubeObject): boolean {
  const { before } = plan
  const stepPause = pauseCondition(plan, 'CanaryPauseStep') ?? pauseCondition(plan, 'BlueGreenPause')
  if (before.controllerPause && !stepPause) return run.status?.phase === 'Inconclusive'
  return before.abortedAt !== undefined
}

function judge({ pause }: RolloutPlan, run: KubeObject | undefined, what: string): void {
  const { phase, message } = run?.status ?? {}
  if (phase === 'Inconclusive') pause.add.add('InconclusiveAnalysisRun')
  if (phase === 'Error' || phase === 'Failed') {
    pause.abort = `${what} phase error/failed${message ? `: ${message}` : ''}`
  }
}

function terminate(plan: RolloutPlan, runs: (KubeObject | undefined)[]): void {
  for (const run of runs) {
    if (!run || run.spec.terminate || isCompleted(run.status?.phase)) continue
    const { namespace, name } = run.metadata
    const patch = { spec: { terminate: true } }
    plan.changes.push({ verb: 'patch', resource: ANALYSIS_RUNS, namespace, name, patch })
  }
}

/** Deletes runs whose ReplicaSet is gone, and ended ones beyond the history limits. */
function forget(plan: RolloutPlan): void {
  for (const { metadata } of historyExcess(plan, plan.runs.others)) {
    const { namespace, name } = metadata
    plan.changes.push({ verb: 'delete', resource: ANALYSIS_RUNS, namespace, name })
  }
}

function tellChanges(plan: RolloutPlan): void {
  const { canary, blueGreen } = plan.before
  const { step, background, prePromotion, postPromotion } = plan.runs
  tell(plan, 'PostPromotion', blueGreen?.postPromotionAnalysisRunStatus, postPromotion)
  tell(plan, 'PrePromotion', blueGreen?.prePromotionAnalysisRunStatus, prePromotion)
  tell(plan, 'Step', canary?.currentStepAnalysisRunStatus, step)
  tell(plan, 'Background', canary?.currentBackgroundAnalysisRunStatus, background)
}

function tell(
  plan: RolloutPlan,
  type: RunType,
  before: AnalysisRunSummary | undefined,
  run: KubeObject | undefined,
): void {
  const phase: string | undefined = run?.status?.phase
  if (!run || !phase || before?.status === phase) return
  const previous = before ? before.status : 'NoPreviousStatus'
  const message = `${type} Analysis Run '${run.metadata.name}' Status New: '${phase}' Previous: '${previous}'`
  const bad = phase === 'Failed' || phase === 'Error'
  planEvent(plan, `AnalysisRun${phase}`, message, bad ? 'Warning' : 'Normal')
}
