/** Helm's install order: kinds that others need come first, unknown kinds last. */

const INSTALL_ORDER = [
  'PriorityClass',
  'Namespace',
  'NetworkPolicy',
  'ResourceQuota',
  'LimitRange',
  'PodSecurityPolicy',
  'PodDisruptionBudget',
  'ServiceAccount',
  'Secret',
  'SecretList',
  'ConfigMap',
  'StorageClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'CustomResourceDefinition',
  'ClusterRole',
  'ClusterRoleList',
  'ClusterRoleBinding',
  'ClusterRoleBindingList',
  'Role',
  'RoleList',
  'RoleBinding',
  'RoleBindingList',
  'Service',
  'DaemonSet',
  'Pod',
  'ReplicationController',
  'ReplicaSet',
  'Deployment',
  'HorizontalPodAutoscaler',
  'StatefulSet',
  'Job',
  'CronJob',
  'IngressClass',
  'Ingress',
  'APIService',
]
const RANK = new Map(INSTALL_ORDER.map((kind, i) => [kind, i]))

/** Unknown kinds sort by name; equal kinds keep their order. */
export function compareKinds(a: string, b: string): number {
  const x = RANK.get(a)
  const y = RANK.get(b)
  if (x === undefined && y === undefined) return a < b ? -1 : a > b ? 1 : 0
  if (x === undefined) return 1
  return y === undefined ? -1 : x - y
}
