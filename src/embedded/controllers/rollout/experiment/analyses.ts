/** The analyses of an Experiment: an AnalysisRun each, begun once all templates are up. */

import { rfc3339 } from '../../../../lib/clock.ts'
import { messageOf } from '../../../../lib/errors.ts'
import type { KubeObject } from '../../../objects.ts'
import { controllerRef, isControlledBy } from '../../shared/owners.ts'
import { freeName } from '../analysis/new-run.ts'
import { findTemplates, runSpec } from '../analysis/templates.ts'
import { ANALYSIS_RUNS, HASH_LABEL } from '../names.ts'
import { isCompleted } from '../status/phase.ts'
import type { AnalysisArgument } from '../types.ts'
import { type ExperimentPlan, endOf, tell, templatesOf } from './plan.ts'
import type { AnalysisStatus, ExperimentAnalysis } from './types.ts'

/** Begins, follows or ends the run of one analysis; answers what the status says of it. */
export function reconcileAnalysis(plan: ExperimentPlan, analysis: ExperimentAnalysis): AnalysisStatus {
  const previous = plan.before.analysisRuns?.find(({ name }) => name === analysis.name) ?? {
    name: analysis.name,
    analysisRun: '',
    phase: '' as const,
  }
  const next = nextStatus(plan, analysis, previous)
  if (next.phase !== previous.phase && next.phase !== '') tellTransition(plan, previous, next)
  return next
}

function nextStatus(
  plan: ExperimentPlan,
  analysis: ExperimentAnalysis,
  previous: AnalysisStatus,
): AnalysisStatus {
  if (plan.before.availableAt === undefined) return verified(plan, analysis, previous)
  if (previous.analysisRun === '') return plan.terminating ? previous : begin(plan, analysis, previous)
  if (isCompleted(previous.phase)) return previous
  const run = plan.analysisRuns.find(({ metadata }) => metadata.name === previous.analysisRun)
  if (!run) {
    const message = `analysisrun.argoproj.io "${previous.analysisRun}" not found`
    return { ...previous, phase: 'Error', message }
  }
  if (plan.terminating) {
    terminate(plan, analysis, run)
    return previous
  }
  const { phase = '', message } = run.status ?? {}
  return { name: previous.name, analysisRun: previous.analysisRun, phase, ...(message ? { message } : {}) }
}

/** Before anything is measured: is the template there at all? */
function verified(
  plan: ExperimentPlan,
  analysis: ExperimentAnalysis,
  previous: AnalysisStatus,
): AnalysisStatus {
  const { templateName, clusterScope, name } = analysis
  const kind = clusterScope ? 'ClusterAnalysisTemplate' : 'AnalysisTemplate'
  if ((clusterScope ? plan.templates.cluster : plan.templates.namespaced).has(templateName)) return previous
  const missing = `${kind.toLowerCase()}.argoproj.io "${templateName}" not found`
  const message = `${kind} verification failed for analysis '${name}': ${missing}`
  return { ...previous, phase: 'Error', message }
}

function begin(plan: ExperimentPlan, analysis: ExperimentAnalysis, previous: AnalysisStatus): AnalysisStatus {
  const { experiment } = plan
  const { spec, metadata } = experiment
  try {
    const templates = findTemplates([analysis], plan.templates)
    const args = (analysis.args ?? []).map((argument) => resolveArgument(plan, argument))
    const { labels, annotations } = spec.analysisRunMetadata ?? {}
    const name = freeName(`${metadata.name}-${analysis.name}`, plan.analysisRuns)
    plan.changes.push({
      verb: 'create',
      resource: ANALYSIS_RUNS,
      object: {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'AnalysisRun',
        metadata: {
          name,
          namespace: metadata.namespace,
          ...(labels ? { labels } : {}),
          ...(annotations ? { annotations } : {}),
          ownerReferences: [controllerRef(experiment)],
        },
        spec: runSpec(
          { dryRun: spec.dryRun, measurementRetention: spec.measurementRetention },
          templates,
          args,
        ),
      },
    })
    return { ...previous, analysisRun: name, phase: 'Pending' }
  } catch (thrown) {
    const message = `Failed to create AnalysisRun for analysis '${analysis.name}': ${messageOf(thrown)}`
    return { ...previous, phase: 'Error', message }
  }
}

/** `{{templates.NAME.podTemplateHash}}` and the like in the value; throws on a name that is not there. */
function resolveArgument(plan: ExperimentPlan, { name, value }: AnalysisArgument): AnalysisArgument {
  if (value === undefined) return { name }
  const known = knownValues(plan)
  const resolved = value.replaceAll(/\{\{([^}]*)\}\}/g, (_whole, tag: string) => {
    const found = known.get(tag.trim())
    if (found === undefined) throw new Error(`failed to resolve {{${tag}}}`)
    return found
  })
  return { name, value: resolved }
}

function knownValues({ experiment, before, replicaSets }: ExperimentPlan): Map<string, string> {
  const known = new Map<string, string>()
  const end = endOf(experiment, before)
  if (before.availableAt) known.set('experiment.availableAt', before.availableAt)
  if (end !== undefined) known.set('experiment.finishedAt', rfc3339(end))
  for (const { name } of templatesOf(experiment)) {
    const replicaSet = replicaSets.get(name)
    if (!replicaSet) continue
    known.set(`templates.${name}.podTemplateHash`, replicaSet.metadata.labels?.[HASH_LABEL] ?? '')
    known.set(`templates.${name}.replicaset.name`, replicaSet.metadata.name)
  }
  return known
}

function terminate(plan: ExperimentPlan, analysis: ExperimentAnalysis, run: KubeObject): void {
  if (isCompleted(run.status?.phase) || run.spec.terminate || !isControlledBy(run, plan.experiment)) return
  const { namespace, name } = run.metadata
  tell(plan, 'AnalysisRunTerminating', `Terminating ${analysis.name} (${name})`)
  const patch = { spec: { terminate: true } }
  plan.changes.push({ verb: 'patch', resource: ANALYSIS_RUNS, namespace, name, patch })
}

/** On the Rollout too, when the Experiment is a step of one; there always as a warning, as upstream has it. */
function tellTransition(plan: ExperimentPlan, previous: AnalysisStatus, next: AnalysisStatus): void {
  const change = `AnalysisRun '${next.name}' transitioned from ${previous.phase} -> ${next.phase}`
  const message = next.message ? `${change}: ${next.message}` : change
  const bad = next.phase === 'Failed' || next.phase === 'Error' || next.phase === 'Inconclusive'
  tell(plan, `AnalysisRun${next.phase}`, message, bad ? 'Warning' : 'Normal')
  if (plan.rollout) tell(plan, `AnalysisRun${next.phase}`, message, 'Warning', plan.rollout)
}
