/** The strategies of the built-in types that have one, by bucket. */
import type { ResourceInfo } from '../../../schema/types.ts'
import { bucketOf } from '../context.ts'
import { crdStrategy } from './crd.ts'
import { daemonSetStrategy } from './daemon-set.ts'
import { jobStrategy } from './job.ts'
import { namespaceStrategy } from './namespace.ts'
import { podStrategy } from './pod.ts'
import { secretStrategy } from './secret.ts'
import { serviceStrategy } from './service.ts'
import type { Strategy } from './strategy.ts'

const CREATE_ON_UPDATE: Strategy = { createOnUpdate: true }

const STRATEGIES: Record<string, Strategy> = {
  namespaces: namespaceStrategy,
  pods: podStrategy,
  secrets: secretStrategy,
  services: serviceStrategy,
  nodes: { keepsStatusOnCreate: true },
  'daemonsets.apps': daemonSetStrategy,
  'deployments.apps': { annotatedByStatus: true },
  'jobs.batch': jobStrategy,
  'customresourcedefinitions.apiextensions.k8s.io': crdStrategy,
  endpoints: CREATE_ON_UPDATE,
  events: CREATE_ON_UPDATE,
  limitranges: CREATE_ON_UPDATE,
  'leases.coordination.k8s.io': CREATE_ON_UPDATE,
  'roles.rbac.authorization.k8s.io': CREATE_ON_UPDATE,
  'rolebindings.rbac.authorization.k8s.io': CREATE_ON_UPDATE,
  'clusterroles.rbac.authorization.k8s.io': CREATE_ON_UPDATE,
  'clusterrolebindings.rbac.authorization.k8s.io': CREATE_ON_UPDATE,
}

const NONE: Strategy = {}

export function strategyOf(info: ResourceInfo): Strategy {
  return STRATEGIES[bucketOf(info)] ?? NONE
}
