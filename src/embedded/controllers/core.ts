/** The controllers that make a cluster of an API server: kube-controller-manager's and the scheduler. */
import { deploymentController } from './deployment/controller.ts'
import { endpointsController } from './endpoints/controller.ts'
import { garbageCollector } from './garbage-collector/controller.ts'
import { hpaController } from './hpa/controller.ts'
import type { MetricSources } from './hpa/sources.ts'
import { jobController } from './job/controller.ts'
import { namespaceController } from './namespace/controller.ts'
import { disruptionController } from './pdb/controller.ts'
import { replicaSetController } from './replicaset/controller.ts'
import type { Controller } from './runtime/controller.ts'
import { schedulerController } from './scheduler/controller.ts'
import { serviceAccountController } from './service-account/controller.ts'
import type { ServedResource } from './shared/resources.ts'
import { statefulSetController } from './statefulset/controller.ts'

export interface CoreOptions {
  /** HPA sync period in ms: 15 000 in the real one. */
  hpaSyncPeriodMs: number
  metrics: MetricSources
  /** PEM of the CA that signed the API server's certificate. */
  caCertificate: string
  /** Every resource type that can be listed, watched and deleted, one version of each; asked again as CRDs come. */
  resources: () => ServedResource[]
}

/** Every core controller, in no particular order. */
export function coreControllers(options: CoreOptions): Controller[] {
  const { resources, caCertificate, hpaSyncPeriodMs, metrics } = options
  return [
    namespaceController({ resources }),
    garbageCollector({ resources }),
    serviceAccountController({ caCertificate }),
    schedulerController(),
    deploymentController(),
    replicaSetController(),
    statefulSetController(),
    jobController(),
    endpointsController(),
    disruptionController(),
    hpaController({ syncPeriodMs: hpaSyncPeriodMs, sources: metrics }),
  ]
}
