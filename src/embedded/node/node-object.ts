/** This machine as a Node object. */

import { statfsSync } from 'node:fs'
import { arch, cpus, freemem, platform, release, totalmem } from 'node:os'
import { rfc3339 } from '../../lib/clock.ts'
import type { Manifest } from '../objects.ts'
import type { NodeAllocatable } from './env/field-ref.ts'

const KUBELET_VERSION = 'v1.35.0'
const ARCHITECTURES: Record<string, string> = { x64: 'amd64', arm64: 'arm64' }

/** What the machine has. `folder`: on the disk that counts as ephemeral storage. */
export function machineCapacity(folder: string): NodeAllocatable {
  const { blocks, bsize } = statfsSync(folder)
  return { cpu: cpus().length, memory: totalmem(), ephemeralStorage: blocks * bsize }
}

export interface NodeOptions {
  name: string
  address: string
  capacity: NodeAllocatable
  /** How pods are contained here: the node's container runtime. */
  runtime: string
  nowMs: number
}

export function nodeObject(options: NodeOptions): Manifest {
  const { name, address, capacity, nowMs } = options
  const architecture = ARCHITECTURES[arch()] ?? arch()
  const resources = {
    cpu: String(capacity.cpu),
    memory: `${Math.floor(capacity.memory / 1024)}Ki`,
    'ephemeral-storage': `${Math.floor(capacity.ephemeralStorage / 1024)}Ki`,
    pods: '110',
  }
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': platform(),
        'kubernetes.io/arch': architecture,
        'beta.kubernetes.io/os': platform(),
        'beta.kubernetes.io/arch': architecture,
        'node-role.kubernetes.io/control-plane': '',
        'app.kubernetes.io/managed-by': 'devenv',
      },
    },
    spec: {},
    status: {
      capacity: resources,
      allocatable: resources,
      addresses: [
        { type: 'InternalIP', address },
        { type: 'Hostname', address: name },
      ],
      conditions: conditions(nowMs),
      daemonEndpoints: { kubeletEndpoint: { Port: 0 } },
      nodeInfo: {
        machineID: '',
        systemUUID: '',
        bootID: '',
        kernelVersion: release(),
        osImage: `${platform()} (pods are processes)`,
        containerRuntimeVersion: `devenv://${options.runtime}`,
        kubeletVersion: KUBELET_VERSION,
        kubeProxyVersion: '',
        operatingSystem: platform(),
        architecture,
      },
    },
  }
}

function conditions(nowMs: number): Record<string, string>[] {
  const time = { lastHeartbeatTime: rfc3339(nowMs), lastTransitionTime: rfc3339(nowMs) }
  const lowMemory = freemem() < 100 * 1024 * 1024
  return [
    lowMemory
      ? {
          type: 'MemoryPressure',
          status: 'True',
          reason: 'KubeletHasInsufficientMemory',
          message: 'kubelet has insufficient memory available',
          ...time,
        }
      : {
          type: 'MemoryPressure',
          status: 'False',
          reason: 'KubeletHasSufficientMemory',
          message: 'kubelet has sufficient memory available',
          ...time,
        },
    {
      type: 'DiskPressure',
      status: 'False',
      reason: 'KubeletHasNoDiskPressure',
      message: 'kubelet has no disk pressure',
      ...time,
    },
    {
      type: 'PIDPressure',
      status: 'False',
      reason: 'KubeletHasSufficientPID',
      message: 'kubelet has sufficient PID available',
      ...time,
    },
    {
      type: 'Ready',
      status: 'True',
      reason: 'KubeletReady',
      message: 'kubelet is posting ready status',
      ...time,
    },
  ]
}
