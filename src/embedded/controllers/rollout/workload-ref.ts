/** spec.workloadRef: the template comes from a Deployment, ReplicaSet or PodTemplate, in memory only. */
import type { Client } from '../../client.ts'
import type { KubeObject, Resource } from '../../objects.ts'
import type { Change } from '../runtime/changes.ts'
import { DEPLOYMENTS, REPLICA_SETS } from '../shared/resources.ts'
import { ROLLOUTS, WORKLOAD_GENERATION } from './names.ts'
import type { RolloutPlan } from './plan.ts'
import { revisionOf, specReplicas } from './replica-sets.ts'
import { desiredReplicas } from './spec.ts'

export const POD_TEMPLATES: Resource = 'v1/podtemplates'

const WORKLOADS: Record<string, Resource> = {
  'apps/Deployment': DEPLOYMENTS,
  'apps/ReplicaSet': REPLICA_SETS,
  '/PodTemplate': POD_TEMPLATES,
}

/** The Rollout with its template, and the annotation to write; or why there is no template. */
export type Resolved = { rollout: KubeObject; changes: Change[] } | { error: string }

/** Takes template, and selector where the Rollout has none, from the workload that it refers to. */
export function resolveWorkload(client: Client, rollout: KubeObject): Resolved {
  const { workloadRef, template } = rollout.spec
  if (!workloadRef) return { rollout, changes: [] }
  if (template) return refused(workloadRef, 'template must be empty for workload reference rollout')
  const resource = resourceOf(workloadRef)
  if (!resource) {
    const group = groupOf(workloadRef)
    return refused(workloadRef, `workload of type ${group}/${workloadRef.kind} is not supported`)
  }
  const { namespace, name, annotations } = rollout.metadata
  const workload = client.get(resource, namespace, workloadRef.name)
  if (!workload) {
    const plural = resource.slice(resource.lastIndexOf('/') + 1)
    const group = groupOf(workloadRef)
    return refused(workloadRef, `${group ? `${plural}.${group}` : plural} "${workloadRef.name}" not found`)
  }
  const generation = String(workload.metadata.generation ?? 0)
  const marked = { ...annotations, [WORKLOAD_GENERATION]: generation }
  const patch = { metadata: { annotations: { [WORKLOAD_GENERATION]: generation } } }
  return {
    rollout: {
      ...rollout,
      metadata: { ...rollout.metadata, annotations: marked },
      spec: {
        ...rollout.spec,
        template: workload.template ?? workload.spec.template,
        selector: rollout.spec.selector ?? workload.spec?.selector,
      },
    },
    changes:
      annotations?.[WORKLOAD_GENERATION] === generation
        ? []
        : [{ verb: 'patch', resource: ROLLOUTS, namespace, name, patch }],
  }
}

/** The resource of a reference; undefined for a kind that has no pod template here. */
export function resourceOf(workloadRef: { apiVersion?: string; kind?: string }): Resource | undefined {
  return WORKLOADS[`${groupOf(workloadRef)}/${workloadRef.kind}`]
}

function groupOf({ apiVersion = '' }: { apiVersion?: string }): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
}

function refused(workloadRef: unknown, why: string): Resolved {
  return { error: `spec.workloadRef: Invalid value: ${JSON.stringify(workloadRef)}: ${why}` }
}

/**
 * Scales the Deployment away while (`progressively`) or once (`onsuccess`) the first revision takes over.
 * `deployment` is the one referred to, if it is one.
 */
export function scaleDownWorkload(plan: RolloutPlan, deployment: KubeObject | undefined): Change[] {
  const { rollout, before, newSet } = plan
  const { scaleDown } = rollout.spec.workloadRef ?? {}
  if (!deployment || revisionOf(newSet) !== 1) return []
  const desired = desiredReplicas(rollout)
  const ready = before.readyReplicas ?? 0
  const wanted =
    before.phase === 'Healthy' && (scaleDown === 'onsuccess' || scaleDown === 'progressively')
      ? 0
      : scaleDown === 'progressively' && ready > 0
        ? Math.max(0, desired - ready)
        : undefined
  if (wanted === undefined || wanted === specReplicas(deployment)) return []
  const { namespace, name } = deployment.metadata
  return [{ verb: 'patch', resource: DEPLOYMENTS, namespace, name, patch: { spec: { replicas: wanted } } }]
}
