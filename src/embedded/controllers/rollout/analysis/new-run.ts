/** A new AnalysisRun of a Rollout. */
import type { KubeObject, Manifest } from '../../../objects.ts'
import { controllerRef } from '../../shared/owners.ts'
import { ANALYSIS_RUNS, HASH_LABEL, REVISION } from '../names.ts'
import type { RolloutPlan } from '../plan.ts'
import { hashOf, revisionOf } from '../replica-sets.ts'
import type { RolloutAnalysis } from '../types.ts'
import { givenArguments } from './given-arguments.ts'
import { findTemplates, runSpec } from './templates.ts'

/** Values of the label `rollout-type`, and the words of the events. */
export type RunType = 'Step' | 'Background' | 'PrePromotion' | 'PostPromotion'

export const STEP_INDEX = 'step-index'

export interface NewRun {
  analysis: RolloutAnalysis
  type: RunType
  /** Part of the name: the step's index, `pre`, `post` or nothing. */
  infix: string
  stepIndex?: number
}

/** Plans the creation; answers the run as it will be, so that the status can name it. */
export function createRun(plan: RolloutPlan, { analysis, type, infix, stepIndex }: NewRun): KubeObject {
  const { rollout, newSet, stableSet } = plan
  const hash = hashOf(newSet)
  const revision = String(revisionOf(newSet))
  const base = [rollout.metadata.name, hash, revision, infix].filter((part) => part !== '').join('-')
  const templates = findTemplates(analysis.templates ?? [], plan.templates)
  const object: Manifest & { metadata: { name: string } } = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AnalysisRun',
    metadata: {
      name: freeName(base, plan.analysisRuns),
      namespace: rollout.metadata.namespace,
      labels: {
        [HASH_LABEL]: hash,
        'rollout-type': type,
        ...(stepIndex === undefined ? {} : { [STEP_INDEX]: String(stepIndex) }),
        ...analysis.analysisRunMetadata?.labels,
        ...rollout.spec.selector.matchLabels,
      },
      annotations: { [REVISION]: revision, ...analysis.analysisRunMetadata?.annotations },
      ownerReferences: [controllerRef(rollout)],
    },
    spec: runSpec(analysis, templates, givenArguments(analysis.args, rollout, newSet, stableSet)),
  }
  plan.changes.push({ verb: 'create', resource: ANALYSIS_RUNS, object })
  return object as KubeObject
}

/** A retry of the same revision finds the name taken: `.1`, `.2` and so on. */
export function freeName(base: string, runs: KubeObject[]): string {
  const taken = new Set(runs.map(({ metadata }) => metadata.name))
  let name = base
  for (let count = 1; taken.has(name); count++) name = `${base}.${count}`
  return name
}
