/** Tables of built-in kinds, as the server prints them for kubectl. */
import type { KubeObject } from '../../objects.ts'
import type { ResourceInfo, Table } from '../types.ts'
import { AUTOSCALERS, DISRUPTION_BUDGETS } from './autoscaling.ts'
import * as cluster from './cluster.ts'
import { AGE, type Column, CREATED_AT, NAME, text } from './column.ts'
import * as network from './network.ts'
import { PODS } from './pods.ts'
import * as storage from './storage.ts'
import * as workloads from './workloads.ts'

const COLUMNS: Record<string, Column[]> = {
  APIService: cluster.API_SERVICES,
  ClusterRole: [NAME, CREATED_AT],
  ClusterRoleBinding: cluster.ROLE_BINDINGS,
  ConfigMap: cluster.CONFIG_MAPS,
  ControllerRevision: workloads.CONTROLLER_REVISIONS,
  CronJob: workloads.CRON_JOBS,
  CustomResourceDefinition: [NAME, CREATED_AT],
  DaemonSet: workloads.DAEMON_SETS,
  Deployment: workloads.DEPLOYMENTS,
  EndpointSlice: network.ENDPOINT_SLICES,
  Endpoints: network.ENDPOINTS,
  Event: cluster.EVENTS,
  HorizontalPodAutoscaler: AUTOSCALERS,
  Ingress: network.INGRESSES,
  IngressClass: network.INGRESS_CLASSES,
  Job: workloads.JOBS,
  Lease: cluster.LEASES,
  LimitRange: [NAME, CREATED_AT],
  MutatingWebhookConfiguration: cluster.WEBHOOK_CONFIGURATIONS,
  Namespace: cluster.NAMESPACES,
  NetworkPolicy: network.NETWORK_POLICIES,
  Node: cluster.NODES,
  NodeMetrics: [NAME, ...metricsColumns((object) => object.usage)],
  PersistentVolume: storage.VOLUMES,
  PersistentVolumeClaim: storage.CLAIMS,
  Pod: PODS,
  PodDisruptionBudget: DISRUPTION_BUDGETS,
  PodMetrics: [NAME, ...metricsColumns((object) => object.containers?.[0]?.usage)],
  PodTemplate: workloads.POD_TEMPLATES,
  PriorityClass: cluster.PRIORITY_CLASSES,
  ReplicaSet: workloads.REPLICA_SETS,
  ReplicationController: workloads.REPLICATION_CONTROLLERS,
  ResourceQuota: cluster.QUOTAS,
  Role: [NAME, CREATED_AT],
  RoleBinding: cluster.ROLE_BINDINGS,
  RuntimeClass: cluster.RUNTIME_CLASSES,
  Secret: cluster.SECRETS,
  Service: network.SERVICES,
  ServiceAccount: cluster.SERVICE_ACCOUNTS,
  StatefulSet: workloads.STATEFUL_SETS,
  StorageClass: storage.STORAGE_CLASSES,
  ValidatingWebhookConfiguration: cluster.WEBHOOK_CONFIGURATIONS,
}

function metricsColumns(usage: (object: KubeObject) => any): Column[] {
  return [
    text('CPU', (object) => usage(object)?.cpu ?? ''),
    text('Memory', (object) => usage(object)?.memory ?? ''),
    text('Window', (object) => object.window ?? ''),
  ]
}

export function builtinTable(info: ResourceInfo, objects: KubeObject[], nowMs: number): Table {
  const columns = COLUMNS[info.kind] ?? [NAME, AGE]
  return {
    columnDefinitions: columns.map(({ name, type, priority }) => ({
      name,
      type,
      format: name === 'Name' ? 'name' : '',
      description: '',
      priority,
    })),
    rows: objects.map((object) => columns.map((column) => column.cell(object, nowMs))),
  }
}
