/** Experiment steps of a canary: begun, waited for, cancelled. */
import type { KubeObject } from '../../../objects.ts'
import { historyExcess } from '../analysis/retention.ts'
import { currentStep } from '../canary/steps.ts'
import { EXPERIMENTS } from '../names.ts'
import { isAborted, pauseCondition, planEvent, type RolloutPlan } from '../plan.ts'
import { isCompleted } from '../status/phase.ts'
import { createExperiment } from './of-rollout.ts'

/** A failed Experiment aborts the update, an inconclusive one pauses it. */
export function reconcileExperiments(plan: RolloutPlan): void {
  const { before, experiments, rollout } = plan
  if (isAborted(plan) || before.promoteFull) {
    cancel(plan, experiments)
    plan.currentExperiment = undefined
    return
  }
  if (pauseCondition(plan, 'InconclusiveAnalysisRun') || pauseCondition(plan, 'InconclusiveExperiment'))
    return
  const { step } = currentStep(rollout, before)
  if (step?.experiment && plan.stableSet && needsExperiment(plan)) {
    plan.currentExperiment = createExperiment(plan, step.experiment)
    planEvent(plan, 'ExperimentCreated', `Created Experiment '${plan.currentExperiment.metadata.name}'`)
  }
  if (step?.experiment) judge(plan)
  const current = step?.experiment ? plan.currentExperiment?.metadata.name : undefined
  const others = experiments.filter(({ metadata }) => metadata.name !== current)
  cancel(plan, others)
  for (const { metadata } of historyExcess(plan, others)) {
    const { namespace, name } = metadata
    plan.changes.push({ verb: 'delete', resource: EXPERIMENTS, namespace, name })
  }
}

/** A step that begins, and one whose inconclusive Experiment a person did not accept as an answer. */
function needsExperiment({ currentExperiment, before }: RolloutPlan): boolean {
  if (!currentExperiment) return true
  return before.controllerPause === true && currentExperiment.status?.phase === 'Inconclusive'
}

function judge({ pause, currentExperiment }: RolloutPlan): void {
  const { phase, message } = currentExperiment?.status ?? {}
  if (phase === 'Inconclusive') pause.add.add('InconclusiveExperiment')
  if (phase === 'Error' || phase === 'Failed') {
    pause.abort = `Experiment analysis phase is error/failed${message ? `: ${message}` : ''}`
  }
}

function cancel(plan: RolloutPlan, experiments: KubeObject[]): void {
  for (const { metadata, spec, status } of experiments) {
    if (spec.terminate || isCompleted(status?.phase)) continue
    const { namespace, name } = metadata
    const patch = { spec: { terminate: true } }
    plan.changes.push({ verb: 'patch', resource: EXPERIMENTS, namespace, name, patch })
  }
}
