/** Resource types of the core group. */
import type { Subresource } from '../types.ts'
import type { GroupVersion } from './resource-line.ts'

const PROXY_VERBS = ['create', 'delete', 'get', 'patch', 'update']

const POD_SUBRESOURCES: Subresource[] = [
  { name: 'attach', kind: 'PodAttachOptions', verbs: ['create', 'get'] },
  { name: 'binding', kind: 'Binding', verbs: ['create'] },
  { name: 'ephemeralcontainers', kind: 'Pod', verbs: ['get', 'patch', 'update'] },
  { name: 'eviction', kind: 'Eviction', group: 'policy', version: 'v1', verbs: ['create'] },
  { name: 'exec', kind: 'PodExecOptions', verbs: ['create', 'get'] },
  { name: 'log', kind: 'Pod', verbs: ['get'] },
  { name: 'portforward', kind: 'PodPortForwardOptions', verbs: ['create', 'get'] },
  { name: 'proxy', kind: 'PodProxyOptions', verbs: PROXY_VERBS },
  { name: 'resize', kind: 'Pod', verbs: ['get', 'patch', 'update'] },
]

const EVENT_FIELDS = [
  ...['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map(
    (field) => `involvedObject.${field}`,
  ),
  'reason',
  'reportingComponent',
  'source',
  'type',
]

const POD_FIELDS = [
  'spec.nodeName',
  'spec.restartPolicy',
  'spec.schedulerName',
  'spec.serviceAccountName',
  'spec.hostNetwork',
  'status.phase',
  'status.podIP',
  'status.nominatedNodeName',
]

export const CORE: GroupVersion = {
  group: '',
  version: 'v1',
  lines: [
    { plural: 'bindings', kind: 'Binding', verbs: ['create'] },
    {
      plural: 'componentstatuses',
      kind: 'ComponentStatus',
      shortNames: ['cs'],
      cluster: true,
      verbs: ['get', 'list'],
    },
    { plural: 'configmaps', kind: 'ConfigMap', shortNames: ['cm'] },
    { plural: 'endpoints', kind: 'Endpoints', shortNames: ['ep'] },
    { plural: 'events', kind: 'Event', shortNames: ['ev'], fields: EVENT_FIELDS },
    { plural: 'limitranges', kind: 'LimitRange', shortNames: ['limits'] },
    {
      plural: 'namespaces',
      kind: 'Namespace',
      shortNames: ['ns'],
      cluster: true,
      verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
      status: true,
      subresources: [{ name: 'finalize', kind: 'Namespace', verbs: ['update'] }],
      fields: ['status.phase'],
    },
    {
      plural: 'nodes',
      kind: 'Node',
      shortNames: ['no'],
      cluster: true,
      status: true,
      subresources: [{ name: 'proxy', kind: 'NodeProxyOptions', verbs: PROXY_VERBS }],
      fields: ['spec.unschedulable'],
    },
    { plural: 'persistentvolumeclaims', kind: 'PersistentVolumeClaim', shortNames: ['pvc'], status: true },
    {
      plural: 'persistentvolumes',
      kind: 'PersistentVolume',
      shortNames: ['pv'],
      cluster: true,
      status: true,
    },
    {
      plural: 'pods',
      kind: 'Pod',
      shortNames: ['po'],
      all: true,
      generation: true,
      status: true,
      subresources: POD_SUBRESOURCES,
      fields: POD_FIELDS,
    },
    { plural: 'podtemplates', kind: 'PodTemplate', generation: true },
    {
      plural: 'replicationcontrollers',
      kind: 'ReplicationController',
      shortNames: ['rc'],
      all: true,
      generation: true,
      status: true,
      scale: true,
      fields: ['status.replicas'],
    },
    { plural: 'resourcequotas', kind: 'ResourceQuota', shortNames: ['quota'], status: true },
    { plural: 'secrets', kind: 'Secret', fields: ['type'] },
    {
      plural: 'serviceaccounts',
      kind: 'ServiceAccount',
      shortNames: ['sa'],
      subresources: [
        {
          name: 'token',
          kind: 'TokenRequest',
          group: 'authentication.k8s.io',
          version: 'v1',
          verbs: ['create'],
        },
      ],
    },
    {
      plural: 'services',
      kind: 'Service',
      shortNames: ['svc'],
      all: true,
      status: true,
      subresources: [{ name: 'proxy', kind: 'ServiceProxyOptions', verbs: PROXY_VERBS }],
      fields: ['spec.clusterIP', 'spec.type'],
    },
  ],
}
