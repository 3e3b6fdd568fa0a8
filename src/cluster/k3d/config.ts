/** The k3d configuration of an environment, as data: one server, loopback only, our network, our mirrors. */
import { stringify } from 'yaml'
import type { Capacity } from './capacity.ts'
import { clusterName, engineLabels, networkName } from './names.ts'
import { NODE_CERTIFICATES } from './node-outward.ts'
import type { NodeVolume } from './node-volumes.ts'

export interface ClusterSpec {
  environment: string
  image: string
  size: Capacity['size']
  cgroupV1: boolean
  /** Whether the engine runs as an ordinary user. */
  rootless: boolean
  /** Seconds between two looks of the HPA controller. */
  hpaSyncPeriodSeconds: number
  apiPort: number
  /** Node port → port on 127.0.0.1. */
  nodePorts: Record<number, number>
  /** Folder of this machine with the repositories, and where the node has it. */
  repositories: { host: string; node: string }
  /** Of the folders that the image declares. */
  volumes: NodeVolume[]
  /** Registry host → endpoints, tried in their order. */
  mirrors: Record<string, string[]>
  /** Nodes ask the endpoints alone. */
  offline: boolean
  /** The user's proxies, as nodes need them. */
  proxies: Record<string, string>
  /** File of this machine with the user's certificates. */
  certificates?: string | undefined
}

const LOOPBACK = '127.0.0.1'
const SERVER = ['server:0']
/**
 * k3s takes 5 % of the disk as too little, and wants 10 % back then: of a large one that is many gigabytes, which nobody
 * else misses. And it keeps pods away for five minutes after there is room again.
 */
const DISK_ARGS = [
  '--kubelet-arg=eviction-hard=imagefs.available<500Mi,nodefs.available<500Mi',
  '--kubelet-arg=eviction-minimum-reclaim=imagefs.available=100Mi,nodefs.available=100Mi',
  '--kubelet-arg=eviction-pressure-transition-period=30s',
  // Above 85 % images that nothing runs are removed, and a worker that scales up again pulls its own anew.
  '--kubelet-arg=image-gc-high-threshold=100',
]

/** The content of k3d's config file. k3d expands $ in it: the values that could hold one are escaped. */
export function clusterConfig(spec: ClusterSpec): string {
  const { environment, apiPort } = spec
  const config = {
    apiVersion: 'k3d.io/v1alpha5',
    kind: 'Simple',
    metadata: { name: clusterName(environment) },
    servers: 1,
    agents: 0,
    image: spec.image,
    network: networkName(environment),
    kubeAPI: { host: LOOPBACK, hostIP: LOOPBACK, hostPort: String(apiPort) },
    volumes: [
      { volume: `${spec.repositories.host}:${spec.repositories.node}`, nodeFilters: SERVER },
      ...spec.volumes.map(({ name, path }) => ({ volume: `${name}:${path}`, nodeFilters: SERVER })),
      ...(spec.certificates
        ? [{ volume: `${spec.certificates}:${NODE_CERTIFICATES}`, nodeFilters: SERVER }]
        : []),
    ],
    env: Object.entries(spec.proxies).map(([name, value]) => ({
      envVar: `${name}=${value}`,
      nodeFilters: SERVER,
    })),
    ports: Object.entries(spec.nodePorts).map(([node, host]) => ({
      port: `${LOOPBACK}:${host}:${node}`,
      nodeFilters: ['server:0:direct'],
    })),
    registries: { config: registriesConfig(spec.mirrors) },
    options: {
      // Every wait is a step of ours, with its reason. Ports go to the node itself: no balancer in between. The
      // image volume is of no use to us, but without it k3d cannot start its helper.
      k3d: { wait: false, disableLoadbalancer: true },
      k3s: { extraArgs: extraArgs(spec).map((arg) => ({ arg, nodeFilters: SERVER })) },
      kubeconfig: { updateDefaultKubeconfig: false, switchCurrentContext: false },
      runtime: {
        labels: Object.entries(engineLabels(environment)).map(([key, value]) => ({
          label: `${key}=${value}`,
          nodeFilters: ['all'],
        })),
      },
    },
  }
  return stringify(config).replaceAll('$', '$$$$')
}

/** k3s' registries.yaml: containerd asks the endpoints in their order, then the registry itself. */
export function registriesConfig(mirrors: Record<string, string[]>): string {
  return stringify({
    mirrors: Object.fromEntries(Object.entries(mirrors).map(([host, endpoint]) => [host, { endpoint }])),
  })
}

function extraArgs(spec: ClusterSpec): string[] {
  const { size, cgroupV1, rootless, hpaSyncPeriodSeconds, environment, offline } = spec
  return [
    `--kube-controller-manager-arg=horizontal-pod-autoscaler-sync-period=${hpaSyncPeriodSeconds}s`,
    // The certificate is asked for by this name when the address is not the node's own.
    `--tls-san=${LOOPBACK}`,
    `--node-label=devenv/environment=${environment}`,
    ...DISK_ARGS,
    // Kubelets from 1.35 on refuse cgroup v1 unless told.
    ...(cgroupV1 ? ['--kubelet-arg=fail-cgroupv1=false'] : []),
    // In a user namespace a kubelet cannot set the system's own switches, and has to be told not to try.
    ...(rootless ? ['--kubelet-arg=feature-gates=KubeletInUserNamespace=true'] : []),
    // What no mirror has is an error at once, not a wait for a network that is not there.
    ...(offline ? ['--disable-default-registry-endpoint'] : []),
    ...(size === 'lite' ? ['--disable=traefik', '--disable=servicelb'] : []),
  ]
}
