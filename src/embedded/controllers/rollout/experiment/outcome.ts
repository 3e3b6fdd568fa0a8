/** How an Experiment does as a whole: the worst of its templates and its analyses. */
import { rfc3339 } from '../../../../lib/clock.ts'
import type { AnalysisPhase } from '../analysis/run/types.ts'
import { isCompleted } from '../status/phase.ts'
import {
  analysesOf,
  areRequiredSuccessful,
  type ExperimentPlan,
  templateStatus,
  templatesOf,
} from './plan.ts'
import type { TemplatePhase } from './types.ts'

interface Outcome<P> {
  phase: P
  message: string
}

/** From good to bad. */
const TEMPLATE_ORDER: TemplatePhase[] = ['Successful', 'Running', 'Progressing', 'Error', 'Failed']
const ANALYSIS_ORDER: (AnalysisPhase | '')[] = [
  'Successful',
  'Running',
  'Pending',
  'Inconclusive',
  'Error',
  'Failed',
]
/** What the phase of the worst template means for the Experiment. */
const MEANING: Record<TemplatePhase, AnalysisPhase> = {
  Progressing: 'Pending',
  Running: 'Running',
  Successful: 'Successful',
  Failed: 'Failed',
  Error: 'Error',
}

/** Sets phase, message and availableAt of `plan.next`. The first pass only says that it was seen. */
export function assess(plan: ExperimentPlan): void {
  const { next, now } = plan
  if (next.phase === undefined) {
    next.phase = 'Pending'
    return
  }
  if (next.phase !== 'Pending' && next.phase !== 'Running') return
  const templates = worstTemplate(plan)
  if (templates.phase === 'Running') next.availableAt ??= rfc3339(now)
  const { phase, message } = combine(plan, templates, worstAnalysis(plan))
  next.phase = phase
  if (message) next.message = message
  else delete next.message
}

/** A bad analysis ends the templates' run; where the templates went well, the analyses have the last word. */
function combine(
  { experiment, next }: ExperimentPlan,
  templates: Outcome<AnalysisPhase>,
  analyses: Outcome<AnalysisPhase>,
): Outcome<AnalysisPhase> {
  if (isCompleted(templates.phase)) {
    const settled =
      isCompleted(analyses.phase) || analysesOf(experiment).some((one) => one.requiredForCompletion)
    return templates.phase === 'Successful' && settled ? analyses : templates
  }
  return isBad(analyses.phase) || areRequiredSuccessful(experiment, next) ? analyses : templates
}

function worstTemplate({ experiment, next }: ExperimentPlan): Outcome<AnalysisPhase> {
  let worst: Outcome<TemplatePhase> = { phase: 'Successful', message: '' }
  for (const { name } of templatesOf(experiment)) {
    const { status = 'Progressing', message = '' } = templateStatus(next, name) ?? {}
    if (TEMPLATE_ORDER.indexOf(status) > TEMPLATE_ORDER.indexOf(worst.phase))
      worst = { phase: status, message }
  }
  return { phase: MEANING[worst.phase], message: worst.message }
}

/** An analysis that has not begun is no worse than a successful one. */
function worstAnalysis({ experiment, next }: ExperimentPlan): Outcome<AnalysisPhase> {
  let worst: Outcome<AnalysisPhase> = { phase: 'Successful', message: '' }
  for (const { name } of analysesOf(experiment)) {
    const { phase = '', message = '' } = next.analysisRuns?.find((run) => run.name === name) ?? {}
    if (phase !== '' && ANALYSIS_ORDER.indexOf(phase) > ANALYSIS_ORDER.indexOf(worst.phase)) {
      worst = { phase, message }
    }
  }
  if (!isBad(worst.phase) && areRequiredSuccessful(experiment, next)) {
    return { phase: 'Successful', message: 'Required AnalysisRuns completed' }
  }
  return worst.phase === 'Pending' ? { ...worst, phase: 'Running' } : worst
}

function isBad(phase: AnalysisPhase): boolean {
  return isCompleted(phase) && phase !== 'Successful'
}
