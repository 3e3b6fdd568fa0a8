/** Vault, Postgres and the git server inside a cluster that exists: what compose brings on a machine of one's own. */
import type { KubeObject } from '../../lib/kube/object.ts'
import { owned } from '../../lib/kube/owned.ts'
import { type GitServerPod, gitServerObjects } from '../services/git.ts'
import { podService, singlePod } from '../services/pod-service.ts'

export interface InClusterServices {
  environment: string
  images: { vault: string; postgres: string; git: string }
  vaultRootToken: string
  postgres: { user: string; password: string; database: string }
  repository: Pick<GitServerPod, 'repository' | 'branch' | 'readers'>
}

/** The namespace of the environment's own services. */
export function servicesNamespace(environment: string): string {
  return `devenv-${environment}`
}

/** Where pods find a service of ours. */
export function serviceHost(environment: string, name: 'vault' | 'postgres' | 'git'): string {
  return `${name}.${servicesNamespace(environment)}.svc.cluster.local`
}

export const VAULT_PORT = 8200
export const POSTGRES_PORT = 5432

/** Namespace, credentials, and a Deployment and a Service each. Their data ends with their pods. */
export function serviceObjects(given: InClusterServices): KubeObject[] {
  const { environment, images, vaultRootToken, postgres } = given
  const namespace = servicesNamespace(environment)
  const objects: KubeObject[] = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'services', namespace },
      type: 'Opaque',
      stringData: { 'vault-root-token': vaultRootToken, 'postgres-password': postgres.password },
    },
    deployment(namespace, 'vault', VAULT_PORT, {
      image: images.vault,
      args: ['server', '-dev'],
      env: [
        fromSecret('VAULT_DEV_ROOT_TOKEN_ID', 'vault-root-token'),
        { name: 'VAULT_DEV_LISTEN_ADDRESS', value: `0.0.0.0:${VAULT_PORT}` },
      ],
      // Vault 2 locks its memory.
      securityContext: { capabilities: { add: ['IPC_LOCK'] } },
      readinessProbe: { httpGet: { path: '/v1/sys/health', port: VAULT_PORT }, periodSeconds: 1 },
      resources: { requests: { cpu: '10m', memory: '96Mi' } },
    }),
    podService(namespace, 'vault', VAULT_PORT),
    deployment(namespace, 'postgres', POSTGRES_PORT, {
      image: images.postgres,
      env: [
        { name: 'POSTGRES_USER', value: postgres.user },
        { name: 'POSTGRES_DB', value: postgres.database },
        fromSecret('POSTGRES_PASSWORD', 'postgres-password'),
      ],
      // Over TCP: the image's first start listens on its socket only, and restarts.
      readinessProbe: {
        exec: { command: ['pg_isready', '-h', '127.0.0.1', '-U', postgres.user, '-d', postgres.database] },
        periodSeconds: 1,
      },
      resources: { requests: { cpu: '10m', memory: '64Mi' } },
    }),
    podService(namespace, 'postgres', POSTGRES_PORT),
    ...gitServerObjects({ ...given.repository, namespace, image: images.git }),
  ]
  return objects.map((object) => owned(object, environment))
}

function fromSecret(name: string, key: string) {
  return { name, valueFrom: { secretKeyRef: { name: 'services', key } } }
}

function deployment(namespace: string, name: string, port: number, container: object): KubeObject {
  const common = { name, imagePullPolicy: 'IfNotPresent', ports: [{ containerPort: port }] }
  return singlePod(namespace, name, { containers: [{ ...common, ...container }] })
}
