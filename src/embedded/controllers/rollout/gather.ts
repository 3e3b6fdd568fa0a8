/** Reads what one pass over a Rollout looks at. */

import type { Client } from '../../client.ts'
import type { KubeObject } from '../../objects.ts'
import { controllerOf } from '../../objects.ts'
import type { Context } from '../runtime/controller.ts'
import { controlledBy } from '../shared/owners.ts'
import { DEPLOYMENTS, DISRUPTION_BUDGETS, PODS, SERVICES } from '../shared/resources.ts'
import { ANALYSIS_RUNS, ANALYSIS_TEMPLATES, CLUSTER_ANALYSIS_TEMPLATES, EXPERIMENTS } from './names.ts'
import type { AnalysisTemplates, RolloutInput } from './plan.ts'
import { injectedMetadata, metadataRoles } from './pods/ephemeral-metadata.ts'
import { needsRestart } from './restart.ts'
import { servicesOf } from './services/named.ts'
import { isTrafficRouted } from './spec.ts'
import { INGRESSES } from './traffic/ingresses.ts'

/** `replicaSets` are those that the Rollout owns. Pods and budgets are read only when they are needed. */
export function gatherInput(
  rollout: KubeObject,
  replicaSets: KubeObject[],
  { client, clock }: Pick<Context, 'client' | 'clock'>,
): RolloutInput {
  const { namespace } = rollout.metadata
  const now = clock.now()
  const restarting = needsRestart(rollout, now)
  const labelling = metadataRoles(rollout) !== undefined || replicaSets.some((one) => injectedMetadata(one))
  const owners = new Set(replicaSets.map(({ metadata }) => metadata.uid))
  return {
    rollout,
    replicaSets,
    services: servicesOf(rollout)
      .map((name) => client.get(SERVICES, namespace, name))
      .filter((service) => service !== undefined),
    ingresses: isTrafficRouted(rollout) ? client.list(INGRESSES, { namespace }) : [],
    analysisRuns: controlledBy(client, ANALYSIS_RUNS, rollout),
    experiments: controlledBy(client, EXPERIMENTS, rollout),
    templates: readTemplates(client, namespace),
    pods:
      restarting || labelling
        ? client.list(PODS, { namespace }).filter((pod) => owners.has(controllerOf(pod)?.uid ?? ''))
        : [],
    budgets: restarting ? client.list(DISRUPTION_BUDGETS, { namespace }) : [],
    workload:
      rollout.spec.workloadRef?.kind === 'Deployment'
        ? client.get(DEPLOYMENTS, namespace, rollout.spec.workloadRef.name)
        : undefined,
    now,
  }
}

/** The templates that analyses in this namespace may name. */
export function readTemplates(client: Client, namespace: string | undefined): AnalysisTemplates {
  const byName = (objects: KubeObject[]) => new Map(objects.map((object) => [object.metadata.name, object]))
  return {
    namespaced: byName(client.list(ANALYSIS_TEMPLATES, namespace === undefined ? {} : { namespace })),
    cluster: byName(client.list(CLUSTER_ANALYSIS_TEMPLATES)),
  }
}
