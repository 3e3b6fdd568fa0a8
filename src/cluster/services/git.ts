/** The git server of the environment's repository, as a pod: `git daemon`, from an image that the cluster has anyway. */
import type { KubeObject } from '../../lib/kube/object.ts'
import { podService, serviceLabels, singlePod } from './pod-service.ts'

export const GIT_PORT = 9418

export interface GitServerPod {
  namespace: string
  /** Argo CD's own image has git. */
  image: string
  /** Bare repository below the root: `team1-project.git`. */
  repository: string
  branch: string
  /** A folder of the node that holds the repositories; absent: the pod's own, filled by pushes. */
  host?: {
    path: string
    /** Who may read it, as containers see the ids: the folder is closed to everybody else. */
    user: number
  }
  /** Namespace of those who may read it. */
  readers: string
}

const NAME = 'git'
const ROOT = '/git'

/**
 * Deployment, Service, and a NetworkPolicy that lets Argo CD alone in: the protocol knows no passwords. Pushes,
 * where the pod takes them, come through the API server's port-forward, which no policy holds up.
 */
export function gitServerObjects(given: GitServerPod): KubeObject[] {
  const { namespace, image, host, readers } = given
  const mount = { name: 'repositories', mountPath: ROOT, ...(host ? { readOnly: true } : {}) }
  const container = (name: string, command: string[], more: object = {}) => ({
    name,
    image,
    imagePullPolicy: 'IfNotPresent',
    command,
    volumeMounts: [mount],
    // Git is asked to trust folders that belong to somebody else; the server only reads them.
    env: [
      { name: 'GIT_CONFIG_COUNT', value: '1' },
      { name: 'GIT_CONFIG_KEY_0', value: 'safe.directory' },
      { name: 'GIT_CONFIG_VALUE_0', value: '*' },
    ],
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    ...more,
  })
  const create = [
    'git',
    'init',
    '--quiet',
    '--bare',
    `--initial-branch=${given.branch}`,
    `${ROOT}/${given.repository}`,
  ]
  const serve = ['git', 'daemon', '--reuseaddr', '--export-all', `--base-path=${ROOT}`, `--port=${GIT_PORT}`]
  return [
    singlePod(namespace, NAME, {
      // The image's own user reads nothing of a private folder.
      securityContext: host ? { runAsUser: host.user, runAsGroup: host.user } : { fsGroup: 999 },
      ...(host ? {} : { initContainers: [container('create', create)] }),
      containers: [
        container('git', [...serve, ...(host ? [] : ['--enable=receive-pack']), ROOT], {
          ports: [{ containerPort: GIT_PORT }],
          readinessProbe: { tcpSocket: { port: GIT_PORT }, periodSeconds: 1 },
          resources: { requests: { cpu: '10m', memory: '32Mi' } },
        }),
      ],
      volumes: [
        host
          ? { name: 'repositories', hostPath: { path: host.path, type: 'Directory' } }
          : { name: 'repositories', emptyDir: {} },
      ],
    }),
    podService(namespace, NAME, GIT_PORT),
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: NAME, namespace },
      spec: {
        podSelector: { matchLabels: serviceLabels(NAME) },
        policyTypes: ['Ingress'],
        ingress: [
          {
            from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': readers } } }],
            ports: [{ port: GIT_PORT }],
          },
        ],
      },
    },
  ]
}
