/** The Experiment that a canary's step asks for: templates of the stable and the new ReplicaSet side by side. */
import type { KubeObject, Manifest } from '../../../objects.ts'
import { compact } from '../../shared/json.ts'
import { controllerRef } from '../../shared/owners.ts'
import { givenArguments } from '../analysis/given-arguments.ts'
import { EXPERIMENTS, HASH_LABEL, REVISION } from '../names.ts'
import type { RolloutPlan } from '../plan.ts'
import { hashOf } from '../replica-sets.ts'
import type { ExperimentStep, ExperimentStepTemplate } from '../types.ts'
import type { ExperimentTemplate } from './types.ts'

/** Plans the creation; answers the Experiment as it will be, so that the status can name it. */
export function createExperiment(plan: RolloutPlan, step: ExperimentStep): KubeObject {
  const { rollout, newSet, stableSet, before } = plan
  const { namespace, labels } = rollout.metadata
  const revision = rollout.metadata.annotations?.[REVISION] ?? ''
  const base = `${rollout.metadata.name}-${hashOf(newSet)}-${revision}-${before.currentStepIndex ?? 0}`
  const { progressDeadlineSeconds } = rollout.spec
  const { duration, dryRun, analysisRunMetadata, scaleDownDelaySeconds } = step
  const analyses = (step.analyses ?? []).map(({ args, ...analysis }) => ({
    ...analysis,
    ...(args ? { args: givenArguments(args, rollout, newSet, stableSet) } : {}),
  }))
  const object: Manifest & { metadata: { name: string } } = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Experiment',
    metadata: {
      name: freeName(base, plan.experiments),
      namespace,
      labels: { ...labels, [HASH_LABEL]: hashOf(newSet) },
      annotations: { [REVISION]: revision },
      ownerReferences: [controllerRef(rollout)],
    },
    spec: {
      ...compact({ duration, dryRun, analysisRunMetadata, scaleDownDelaySeconds, progressDeadlineSeconds }),
      templates: (step.templates ?? []).map((template) => templateOf(plan, template)),
      ...(analyses.length > 0 ? { analyses } : {}),
    },
  }
  plan.changes.push({ verb: 'create', resource: EXPERIMENTS, object })
  return object as KubeObject
}

function templateOf(plan: RolloutPlan, template: ExperimentStepTemplate): ExperimentTemplate {
  const { name, replicas, specRef, metadata = {}, service, weight } = template
  const source = (specRef === 'stable' ? plan.stableSet : plan.newSet)!
  const { minReadySeconds } = source.spec
  const pods = structuredClone(source.spec.template)
  const selector = structuredClone(template.selector ?? source.spec.selector)
  pods.metadata = {
    ...pods.metadata,
    labels: { ...pods.metadata?.labels, ...metadata.labels },
    ...(metadata.annotations
      ? { annotations: { ...pods.metadata?.annotations, ...metadata.annotations } }
      : {}),
  }
  if (metadata.labels) selector.matchLabels = { ...selector.matchLabels, ...metadata.labels }
  // Traffic can only be sent to a Service.
  const serviceOf =
    service || weight !== undefined ? { service: service?.name ? { name: service.name } : {} } : {}
  return {
    name,
    ...(replicas === undefined ? {} : { replicas }),
    ...(minReadySeconds ? { minReadySeconds } : {}),
    selector,
    template: pods,
    ...serviceOf,
  }
}

/** A retry of the same step finds the name taken: `-1`, `-2` and so on. */
function freeName(base: string, experiments: KubeObject[]): string {
  const taken = new Set(experiments.map(({ metadata }) => metadata.name))
  let name = base
  for (let count = 1; taken.has(name); count++) name = `${base}-${count}`
  return name
}
