/** Resource types of the named built-in groups. */
import type { GroupVersion } from './resource-line.ts'

const CREATE = ['create']

/** Groups by falling priority of their APIService, each group's preferred version first: discovery's order. */
export const GROUPS: GroupVersion[] = [
  {
    group: 'apiregistration.k8s.io',
    version: 'v1',
    lines: [{ plural: 'apiservices', kind: 'APIService', cluster: true, status: true }],
  },
  {
    group: 'apps',
    version: 'v1',
    lines: [
      { plural: 'controllerrevisions', kind: 'ControllerRevision' },
      {
        plural: 'daemonsets',
        kind: 'DaemonSet',
        shortNames: ['ds'],
        all: true,
        generation: true,
        status: true,
      },
      {
        plural: 'deployments',
        kind: 'Deployment',
        shortNames: ['deploy'],
        all: true,
        generation: true,
        status: true,
        scale: true,
      },
      {
        plural: 'replicasets',
        kind: 'ReplicaSet',
        shortNames: ['rs'],
        all: true,
        generation: true,
        status: true,
        scale: true,
        fields: ['status.replicas'],
      },
      {
        plural: 'statefulsets',
        kind: 'StatefulSet',
        shortNames: ['sts'],
        all: true,
        generation: true,
        status: true,
        scale: true,
      },
    ],
  },
  // The same objects as the core group's events, told in other fields: the server keeps one store and converts.
  {
    group: 'events.k8s.io',
    version: 'v1',
    lines: [
      {
        plural: 'events',
        kind: 'Event',
        shortNames: ['ev'],
        fields: [
          ...['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map(
            (field) => `regarding.${field}`,
          ),
          'reason',
          'reportingController',
          'type',
        ],
      },
    ],
  },
  {
    group: 'authentication.k8s.io',
    version: 'v1',
    lines: [
      { plural: 'selfsubjectreviews', kind: 'SelfSubjectReview', cluster: true, verbs: CREATE },
      { plural: 'tokenreviews', kind: 'TokenReview', cluster: true, verbs: CREATE },
    ],
  },
  {
    group: 'authorization.k8s.io',
    version: 'v1',
    lines: [
      { plural: 'localsubjectaccessreviews', kind: 'LocalSubjectAccessReview', verbs: CREATE },
      { plural: 'selfsubjectaccessreviews', kind: 'SelfSubjectAccessReview', cluster: true, verbs: CREATE },
      { plural: 'selfsubjectrulesreviews', kind: 'SelfSubjectRulesReview', cluster: true, verbs: CREATE },
      { plural: 'subjectaccessreviews', kind: 'SubjectAccessReview', cluster: true, verbs: CREATE },
    ],
  },
  ...['v2', 'v1'].map((version) => ({
    group: 'autoscaling',
    version,
    lines: [
      {
        plural: 'horizontalpodautoscalers',
        kind: 'HorizontalPodAutoscaler',
        shortNames: ['hpa'],
        all: true as const,
        status: true as const,
      },
    ],
  })),
  {
    group: 'batch',
    version: 'v1',
    lines: [
      { plural: 'cronjobs', kind: 'CronJob', shortNames: ['cj'], all: true, generation: true, status: true },
      {
        plural: 'jobs',
        kind: 'Job',
        all: true,
        generation: true,
        status: true,
        fields: ['status.successful'],
      },
    ],
  },
  {
    group: 'networking.k8s.io',
    version: 'v1',
    lines: [
      { plural: 'ingressclasses', kind: 'IngressClass', cluster: true, generation: true },
      { plural: 'ingresses', kind: 'Ingress', shortNames: ['ing'], generation: true, status: true },
      { plural: 'networkpolicies', kind: 'NetworkPolicy', shortNames: ['netpol'], generation: true },
    ],
  },
  {
    group: 'policy',
    version: 'v1',
    lines: [
      {
        plural: 'poddisruptionbudgets',
        kind: 'PodDisruptionBudget',
        shortNames: ['pdb'],
        generation: true,
        status: true,
      },
    ],
  },
  {
    group: 'rbac.authorization.k8s.io',
    version: 'v1',
    lines: [
      { plural: 'clusterrolebindings', kind: 'ClusterRoleBinding', cluster: true },
      { plural: 'clusterroles', kind: 'ClusterRole', cluster: true },
      { plural: 'rolebindings', kind: 'RoleBinding' },
      { plural: 'roles', kind: 'Role' },
    ],
  },
  {
    group: 'storage.k8s.io',
    version: 'v1',
    lines: [
      { plural: 'csidrivers', kind: 'CSIDriver', cluster: true },
      { plural: 'csinodes', kind: 'CSINode', cluster: true },
      { plural: 'csistoragecapacities', kind: 'CSIStorageCapacity' },
      { plural: 'storageclasses', kind: 'StorageClass', shortNames: ['sc'], cluster: true },
      { plural: 'volumeattachments', kind: 'VolumeAttachment', cluster: true, status: true },
      {
        plural: 'volumeattributesclasses',
        kind: 'VolumeAttributesClass',
        shortNames: ['vac'],
        cluster: true,
      },
    ],
  },
  {
    group: 'apiextensions.k8s.io',
    version: 'v1',
    lines: [
      {
        plural: 'customresourcedefinitions',
        kind: 'CustomResourceDefinition',
        shortNames: ['crd', 'crds'],
        cluster: true,
        generation: true,
        status: true,
      },
    ],
  },
  {
    group: 'admissionregistration.k8s.io',
    version: 'v1',
    lines: [
      {
        plural: 'mutatingwebhookconfigurations',
        kind: 'MutatingWebhookConfiguration',
        cluster: true,
        generation: true,
      },
      {
        plural: 'validatingadmissionpolicies',
        kind: 'ValidatingAdmissionPolicy',
        cluster: true,
        generation: true,
        status: true,
      },
      {
        plural: 'validatingadmissionpolicybindings',
        kind: 'ValidatingAdmissionPolicyBinding',
        cluster: true,
        generation: true,
      },
      {
        plural: 'validatingwebhookconfigurations',
        kind: 'ValidatingWebhookConfiguration',
        cluster: true,
        generation: true,
      },
    ],
  },
  {
    group: 'scheduling.k8s.io',
    version: 'v1',
    lines: [
      {
        plural: 'priorityclasses',
        kind: 'PriorityClass',
        shortNames: ['pc'],
        cluster: true,
        generation: true,
      },
    ],
  },
  {
    group: 'coordination.k8s.io',
    version: 'v1',
    lines: [{ plural: 'leases', kind: 'Lease' }],
  },
  {
    group: 'node.k8s.io',
    version: 'v1',
    lines: [{ plural: 'runtimeclasses', kind: 'RuntimeClass', cluster: true }],
  },
  {
    group: 'discovery.k8s.io',
    version: 'v1',
    lines: [{ plural: 'endpointslices', kind: 'EndpointSlice', generation: true }],
  },
]

/** Groups that a real cluster serves through an aggregated API server; they come last in discovery. */
export const AGGREGATED: GroupVersion[] = [
  {
    group: 'metrics.k8s.io',
    version: 'v1beta1',
    lines: [
      { plural: 'nodes', kind: 'NodeMetrics', cluster: true, verbs: ['get', 'list'] },
      { plural: 'pods', kind: 'PodMetrics', verbs: ['get', 'list'] },
    ],
  },
  {
    group: 'external.metrics.k8s.io',
    version: 'v1beta1',
    lines: [{ plural: 'externalmetrics', kind: 'ExternalMetricValueList', verbs: ['get'] }],
  },
]
