/** The workload that a ScaledObject scales: how it is found, read and described. */
import type { Client } from '../../client.ts'
import { parseResource, type Resource } from '../../objects.ts'
import type { ScaleTarget } from './hpa/build-hpa.ts'
import type { ScaledObject, ScaledObjectStatus } from './types.ts'

export interface Target extends ScaleTarget {
  resource: Resource
  namespace: string
  /** `apps/v1.Deployment`. */
  gvk: string
  gvkr: NonNullable<ScaledObjectStatus['scaleTargetGVKR']>
}

/** Throws when nothing serves the kind. */
export function findTarget(client: Client, { metadata, spec }: ScaledObject): Target {
  const { name, apiVersion = 'apps/v1', kind = 'Deployment' } = spec.scaleTargetRef
  const resource = client.resourceFor(apiVersion, kind)
  if (!resource) throw new Error(`no matches for kind "${kind}" in version "${apiVersion}"`)
  const { group, version, plural } = parseResource(resource)
  const served = group ? `${group}/${version}` : version
  return {
    resource,
    namespace: metadata.namespace!,
    apiVersion: served,
    kind,
    name,
    gvk: `${served}.${kind}`,
    gvkr: { group, version, kind, resource: plural },
  }
}

/** spec.replicas through /scale. */
export function currentReplicas(client: Client, target: Target): number {
  return client.getScale(target.resource, target.namespace, target.name).replicas
}

/** Pods of the target whose Ready condition is True. */
export function readyPods(client: Client, target: Target): number {
  const { selector } = client.getScale(target.resource, target.namespace, target.name)
  return client
    .list('v1/pods', { namespace: target.namespace, labelSelector: selector })
    .filter((pod) => pod.status?.conditions?.some((c: any) => c.type === 'Ready' && c.status === 'True'))
    .length
}
