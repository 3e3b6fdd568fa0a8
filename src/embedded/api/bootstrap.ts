/** The objects that every cluster has from its first moment. */
import type { Client } from '../client.ts'
import { isStatus } from '../errors.ts'
import type { Manifest, Resource } from '../objects.ts'

const NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease']
const MANAGER = 'kube-apiserver'
const EXTENSION_SERVICES = [
  { group: 'metrics.k8s.io', version: 'v1beta1', service: 'metrics-server' },
  { group: 'external.metrics.k8s.io', version: 'v1beta1', service: 'keda-operator-metrics-apiserver' },
]

export interface BootstrapOptions {
  /** PEM of the API server's CA. */
  ca: string
  /** Where the API server listens. */
  address: string
  port: number
  /** Group versions that this server serves itself: `apps/v1`; they become local APIServices. */
  groupVersions: string[]
  /** RFC 3339, for conditions. */
  now: string
}

/** Creates what is missing of them; what exists is left alone. */
export function bootstrapObjects(client: Client, options: BootstrapOptions): void {
  for (const name of NAMESPACES)
    ensure(client, 'v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  kubernetesService(client, options)
  ensure(client, 'v1/configmaps', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'extension-apiserver-authentication', namespace: 'kube-system' },
    data: { 'client-ca-file': options.ca },
  })
  clusterAdmin(client)
  for (const groupVersion of options.groupVersions) apiService(client, groupVersion, options.now)
}

function kubernetesService(client: Client, { address, port }: BootstrapOptions): void {
  const labels = { component: 'apiserver', provider: 'kubernetes' }
  ensure(client, 'v1/services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kubernetes', namespace: 'default', labels },
    spec: {
      type: 'ClusterIP',
      ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: port }],
    },
  })
  const slice = {
    addressType: 'IPv4',
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: [{ name: 'https', port, protocol: 'TCP' }],
  }
  const metadata = {
    name: 'kubernetes',
    namespace: 'default',
    labels: { 'kubernetes.io/service-name': 'kubernetes' },
  }
  const resource = 'discovery.k8s.io/v1/endpointslices'
  const body: Manifest = { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata, ...slice }
  ensure(client, resource, body)
  // The port is another one after a restart.
  client.patch(resource, 'default', 'kubernetes', slice, { type: 'merge', fieldManager: MANAGER })
  const subsets = [{ addresses: [{ ip: address }], ports: slice.ports }]
  ensure(client, 'v1/endpoints', {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' },
    },
    subsets,
  })
  client.patch('v1/endpoints', 'default', 'kubernetes', { subsets }, { type: 'merge', fieldManager: MANAGER })
}

function clusterAdmin(client: Client): void {
  const rbac = 'rbac.authorization.k8s.io'
  ensure(client, `${rbac}/v1/clusterroles`, {
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRole',
    metadata: { name: 'cluster-admin', labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } },
    rules: [
      { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
      { nonResourceURLs: ['*'], verbs: ['*'] },
    ],
  })
  ensure(client, `${rbac}/v1/clusterrolebindings`, {
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: 'cluster-admin', labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ apiGroup: rbac, kind: 'Group', name: 'system:masters' }],
  })
}

const PRIORITY = { core: 18_000, builtin: 17_000, other: 100 }

/** An APIService per group version: local ones, and the two that extension servers would register. */
function apiService(client: Client, groupVersion: string, now: string): void {
  const [first = '', second] = groupVersion.split('/')
  const [group, version] = second === undefined ? ['', first] : [first, second]
  const extension = EXTENSION_SERVICES.find((each) => each.group === group && each.version === version)
  const resource = 'apiregistration.k8s.io/v1/apiservices'
  const name = `${version}.${group}`
  ensure(client, resource, {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: {
      name,
      ...(extension ? {} : { labels: { 'kube-aggregator.kubernetes.io/automanaged': 'onstart' } }),
    },
    spec: {
      group,
      version,
      groupPriorityMinimum: group === '' ? PRIORITY.core : extension ? PRIORITY.other : PRIORITY.builtin,
      versionPriority: extension ? 100 : 15,
      ...(extension
        ? {
            service: { name: extension.service, namespace: 'kube-system', port: 443 },
            insecureSkipTLSVerify: true,
          }
        : {}),
    },
  })
  const reasons = extension
    ? { reason: 'Passed', message: 'all checks passed' }
    : { reason: 'Local', message: 'Local APIServices are always available' }
  if (client.get(resource, undefined, name)?.status?.conditions?.length) return
  const conditions = [{ type: 'Available', status: 'True', lastTransitionTime: now, ...reasons }]
  client.patch(
    resource,
    undefined,
    name,
    { status: { conditions } },
    { type: 'merge', subresource: 'status', fieldManager: MANAGER },
  )
}

function ensure(client: Client, resource: Resource, object: Manifest): void {
  const { namespace, name } = object.metadata
  if (client.get(resource, namespace, name!)) return
  try {
    client.create(resource, object, { fieldManager: MANAGER })
  } catch (thrown) {
    // A controller may have been quicker.
    if (!isStatus(thrown, 409)) throw thrown
  }
}
