/** What stands outside the cluster as the cluster sees it: Services with fixed addresses, and the git server. */
import type { KubeObject } from '../../lib/kube/object.ts'
import { owned } from '../../lib/kube/owned.ts'
import { type GitServerPod, gitServerObjects } from '../services/git.ts'
import { ADDRESSES } from './subnet.ts'

export const SERVICES_NAMESPACE = 'devenv'
export const VAULT_PORT = 8200
export const POSTGRES_PORT = 5432

/** Where pods find a service of ours. */
export function hostOf(name: 'vault' | 'postgres' | 'git'): string {
  return `${name}.${SERVICES_NAMESPACE}.svc.cluster.local`
}

/** The namespace, a Service without pods for Vault and Postgres each, and the git server. */
export function outsideObjects(given: {
  environment: string
  base: string
  git: Omit<GitServerPod, 'namespace'>
}): KubeObject[] {
  const namespace = SERVICES_NAMESPACE
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    ...outside(namespace, 'vault', `${given.base}.${ADDRESSES.vault}`, VAULT_PORT),
    ...outside(namespace, 'postgres', `${given.base}.${ADDRESSES.postgres}`, POSTGRES_PORT),
    ...gitServerObjects({ namespace, ...given.git }),
  ].map((object) => owned(object, given.environment))
}

function outside(namespace: string, name: string, address: string, port: number): KubeObject[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace },
      spec: { ports: [{ name: 'main', port, targetPort: port }] },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name, namespace, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      endpoints: [{ addresses: [address], conditions: { ready: true } }],
      ports: [{ name: 'main', port, protocol: 'TCP' }],
    } as KubeObject,
  ]
}
