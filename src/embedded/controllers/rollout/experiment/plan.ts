/** What one pass over an Experiment works on: what was read, what is decided, the changes so far. */
import { parseGoDuration } from '../../../../lib/go-duration.ts'
import type { KubeObject } from '../../../objects.ts'
import type { Change } from '../../runtime/changes.ts'
import { COMPONENT } from '../names.ts'
import type { AnalysisTemplates } from '../plan.ts'
import { isCompleted } from '../status/phase.ts'
import type { ExperimentAnalysis, ExperimentStatus, ExperimentTemplate, TemplateStatus } from './types.ts'

/** What the controller read for one pass. */
export interface ExperimentInput {
  experiment: KubeObject
  /** By the name of their template. */
  replicaSets: Map<string, KubeObject>
  services: Map<string, KubeObject>
  /** AnalysisRuns of its namespace: its own, and those whose names are taken. */
  analysisRuns: KubeObject[]
  templates: AnalysisTemplates
  /** The Rollout that it is a step of. */
  rollout: KubeObject | undefined
  /** Templates whose ReplicaSet or Service the API refused, with its words. */
  refused: Map<string, string>
  now: number
}

export interface ExperimentPlan extends ExperimentInput {
  /** As the pass before left it: decisions of a pass look at this one. */
  before: ExperimentStatus
  /** As this pass leaves it. */
  next: ExperimentStatus
  terminating: boolean
  changes: Change[]
  /** Look again after so many ms; the earliest of all wishes. */
  requeueAfterMs: number | undefined
}

export function templatesOf(experiment: KubeObject): ExperimentTemplate[] {
  return experiment.spec.templates ?? []
}

export function analysesOf(experiment: KubeObject): ExperimentAnalysis[] {
  return experiment.spec.analyses ?? []
}

export function progressDeadlineSeconds(experiment: KubeObject): number {
  return experiment.spec.progressDeadlineSeconds ?? 600
}

export function templateStatus(status: ExperimentStatus, name: string): TemplateStatus | undefined {
  return status.templateStatuses?.find((one) => one.name === name)
}

/** A person or the Rollout ended it, it is through, or a part of it went wrong: everything is to go. */
export function isTerminating(experiment: KubeObject, status: ExperimentStatus): boolean {
  return (
    experiment.spec.terminate === true ||
    isCompleted(status.phase) ||
    (status.templateStatuses ?? []).some((one) => one.status === 'Failed' || one.status === 'Error') ||
    (status.analysisRuns ?? []).some(({ phase }) => isCompleted(phase) && phase !== 'Successful') ||
    areRequiredSuccessful(experiment, status)
  )
}

/** There are analyses that are required for completion, and all of them have succeeded. */
export function areRequiredSuccessful(experiment: KubeObject, status: ExperimentStatus): boolean {
  const required = analysesOf(experiment).filter(({ requiredForCompletion }) => requiredForCompletion)
  const succeeded = ({ name }: ExperimentAnalysis) =>
    status.analysisRuns?.find((run) => run.name === name)?.phase === 'Successful'
  return required.length > 0 && required.every(succeeded)
}

/** How many pods a template should have now. */
export function templateReplicas(
  experiment: KubeObject,
  status: ExperimentStatus,
  template: ExperimentTemplate,
) {
  const { status: phase } = templateStatus(status, template.name) ?? {}
  return isTerminating(experiment, status) || isTemplateCompleted(phase) ? 0 : (template.replicas ?? 1)
}

export function isTemplateCompleted(phase: TemplateStatus['status']): boolean {
  return phase === 'Successful' || phase === 'Failed' || phase === 'Error'
}

/** When spec.duration is over, in ms; undefined while it has not begun, or without one. */
export function endOf(experiment: KubeObject, status: ExperimentStatus): number | undefined {
  const { duration } = experiment.spec
  const ms = parseGoDuration(/^\d+$/.test(duration ?? '') ? `${duration}s` : (duration ?? ''))
  return status.availableAt === undefined || ms === undefined
    ? undefined
    : Date.parse(status.availableAt) + ms
}

export function isOver({ experiment, before, now }: ExperimentPlan): boolean {
  const end = endOf(experiment, before)
  return end !== undefined && now > end
}

export function tell(
  plan: ExperimentPlan,
  reason: string,
  message: string,
  type: 'Normal' | 'Warning' = 'Normal',
  regarding: KubeObject = plan.experiment,
): void {
  plan.changes.push({ verb: 'event', regarding, type, reason, message, component: COMPONENT })
}

export function requeueAt(plan: ExperimentPlan, time: number): void {
  plan.requeueAfterMs = Math.max(
    1,
    Math.min(time - plan.now, plan.requeueAfterMs ?? Number.POSITIVE_INFINITY),
  )
}
