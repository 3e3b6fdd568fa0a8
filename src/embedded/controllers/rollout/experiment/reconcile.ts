/** One pass over an Experiment, pure: what was read in, changes out. */
import { rfc3339 } from '../../../../lib/clock.ts'
import type { KubeObject } from '../../../objects.ts'
import type { Change } from '../../runtime/changes.ts'
import type { Result } from '../../runtime/controller.ts'
import { findCondition, replaceCondition, withoutCondition } from '../../shared/conditions.ts'
import { compact } from '../../shared/json.ts'
import { EXPERIMENTS } from '../names.ts'
import { mergeDifference } from '../status/patch.ts'
import { reconcileAnalysis } from './analyses.ts'
import { updateConditions } from './conditions.ts'
import { assess } from './outcome.ts'
import {
  analysesOf,
  type ExperimentInput,
  type ExperimentPlan,
  endOf,
  isTerminating,
  progressDeadlineSeconds,
  requeueAt,
  tell,
  templateReplicas,
  templatesOf,
} from './plan.ts'
import { reconcileTemplate } from './templates.ts'
import type { ExperimentStatus } from './types.ts'
import { experimentError } from './validate.ts'

/** The changes that move an Experiment one step on. What it has to create is there by now, or was refused. */
export function reconcileExperiment(input: ExperimentInput): { changes: Change[] } & Result {
  const { experiment, now } = input
  const error = experimentError(experiment)
  if (error) return { changes: statusChanges(experiment, invalid(experiment, error, now)) }
  const before: ExperimentStatus = experiment.status ?? {}
  const plan: ExperimentPlan = {
    ...input,
    before,
    next: structuredClone(before),
    terminating: isTerminating(experiment, before),
    changes: [],
    requeueAfterMs: undefined,
  }
  const { next } = plan
  next.templateStatuses = templatesOf(experiment).map((template) => reconcileTemplate(plan, template))
  const runs = analysesOf(experiment).map((analysis) => reconcileAnalysis(plan, analysis))
  if (runs.length > 0) next.analysisRuns = runs
  assess(plan)
  updateConditions(plan)
  plan.changes.push(...statusChanges(experiment, next))
  tellPhase(plan)
  lookAgain(plan)
  const { changes, requeueAfterMs } = plan
  return { changes, ...(requeueAfterMs === undefined ? {} : { requeueAfterMs }) }
}

function invalid(experiment: KubeObject, message: string, now: number): ExperimentStatus {
  const status: ExperimentStatus = { ...experiment.status }
  const conditions = status.conditions ?? []
  const stale = findCondition(conditions, 'InvalidSpec')?.message !== message
  const time = rfc3339(now)
  status.conditions = replaceCondition(stale ? withoutCondition(conditions, 'InvalidSpec') : conditions, {
    type: 'InvalidSpec',
    status: 'True',
    reason: 'InvalidSpec',
    message,
    lastUpdateTime: time,
    lastTransitionTime: time,
  })
  return status
}

/** The type has no status subresource: its status is a part of the object like any other. */
function statusChanges(experiment: KubeObject, status: ExperimentStatus): Change[] {
  const difference = mergeDifference(experiment.status ?? {}, compact(status))
  if (!difference) return []
  const { namespace, name } = experiment.metadata
  return [{ verb: 'patch', resource: EXPERIMENTS, namespace, name, patch: { status: difference } }]
}

function tellPhase(plan: ExperimentPlan): void {
  const { before, next } = plan
  if (before.phase === next.phase) return
  const bad = next.phase === 'Failed' || next.phase === 'Error' || next.phase === 'Inconclusive'
  const message = `Experiment transitioned from ${before.phase ?? ''} -> ${next.phase}`
  tell(plan, `Experiment${next.phase}`, message, bad ? 'Warning' : 'Normal')
}

/** At the end of the duration, and when a template that is not at its size runs out of time. */
function lookAgain(plan: ExperimentPlan): void {
  const { experiment, next } = plan
  if (isTerminating(experiment, next)) return
  const end = endOf(experiment, next)
  if (end !== undefined && end >= plan.now) requeueAt(plan, end + 1)
  for (const template of templatesOf(experiment)) {
    const status = next.templateStatuses?.find(({ name }) => name === template.name)
    if (status?.status !== 'Progressing' && status?.status !== 'Running') continue
    if (
      !status.lastTransitionTime ||
      status.availableReplicas === templateReplicas(experiment, next, template)
    )
      continue
    requeueAt(plan, Date.parse(status.lastTransitionTime) + progressDeadlineSeconds(experiment) * 1000 + 1)
  }
}
