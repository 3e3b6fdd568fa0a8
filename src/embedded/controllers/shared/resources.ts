/** Names of the built-in resource types that the core controllers read and write. */
import type { Resource } from '../../objects.ts'

export const PODS: Resource = 'v1/pods'
export const NODES: Resource = 'v1/nodes'
export const SERVICES: Resource = 'v1/services'
export const INGRESSES: Resource = 'networking.k8s.io/v1/ingresses'
export const SECRETS: Resource = 'v1/secrets'
export const ENDPOINTS: Resource = 'v1/endpoints'
export const ENDPOINT_SLICES: Resource = 'discovery.k8s.io/v1/endpointslices'
export const NAMESPACES: Resource = 'v1/namespaces'
export const SERVICE_ACCOUNTS: Resource = 'v1/serviceaccounts'
export const CONFIG_MAPS: Resource = 'v1/configmaps'
export const PERSISTENT_VOLUME_CLAIMS: Resource = 'v1/persistentvolumeclaims'
export const DEPLOYMENTS: Resource = 'apps/v1/deployments'
export const REPLICA_SETS: Resource = 'apps/v1/replicasets'
export const STATEFUL_SETS: Resource = 'apps/v1/statefulsets'
export const CONTROLLER_REVISIONS: Resource = 'apps/v1/controllerrevisions'
export const JOBS: Resource = 'batch/v1/jobs'
export const AUTOSCALERS: Resource = 'autoscaling/v2/horizontalpodautoscalers'
export const DISRUPTION_BUDGETS: Resource = 'policy/v1/poddisruptionbudgets'
export const CUSTOM_RESOURCES: Resource = 'apiextensions.k8s.io/v1/customresourcedefinitions'

/** A resource type as the controllers that look at all of them (namespaces, garbage collection) see it. */
export interface ServedResource {
  resource: Resource
  namespaced: boolean
}
