/** Defaults of built-in kinds, in place: what the server fills in before it validates. */
import type { KubeObject } from '../../objects.ts'
import type { ResourceInfo } from '../types.ts'
import { defaultAutoscaler } from './autoscaling.ts'
import * as cluster from './cluster.ts'
import { type Loose, struct } from './fill.ts'
import * as network from './network.ts'
import { defaultPod, defaultPodSpec } from './pod.ts'
import * as workloads from './workloads.ts'

/** By kind: no two built-in groups give one kind different defaults. */
const DEFAULTS: Record<string, (object: Loose) => void> = {
  APIService: cluster.defaultApiService,
  ClusterRoleBinding: cluster.defaultBinding,
  CronJob: workloads.defaultCronJob,
  CSIDriver: cluster.defaultCsiDriver,
  CustomResourceDefinition: cluster.defaultDefinition,
  DaemonSet: workloads.defaultDaemonSet,
  Deployment: workloads.defaultDeployment,
  Endpoints: network.defaultEndpoints,
  EndpointSlice: network.defaultEndpointSlice,
  HorizontalPodAutoscaler: defaultAutoscaler,
  Job: workloads.defaultJob,
  MutatingWebhookConfiguration: cluster.defaultWebhooks,
  Namespace: cluster.defaultNamespace,
  NetworkPolicy: network.defaultNetworkPolicy,
  PersistentVolume: cluster.defaultVolume,
  PersistentVolumeClaim: cluster.defaultClaim,
  Pod: defaultPod,
  PodTemplate: (object) => defaultPodSpec(struct(struct(object, 'template'), 'spec')),
  PriorityClass: cluster.defaultPriorityClass,
  ReplicaSet: workloads.defaultReplicaSet,
  ReplicationController: workloads.defaultReplicationController,
  RoleBinding: cluster.defaultBinding,
  Secret: cluster.defaultSecret,
  Service: network.defaultService,
  StatefulSet: workloads.defaultStatefulSet,
  StorageClass: cluster.defaultStorageClass,
  ValidatingWebhookConfiguration: cluster.defaultWebhooks,
}

export function applyBuiltinDefaults(info: ResourceInfo, object: KubeObject): void {
  DEFAULTS[info.kind]?.(object)
}
