/** The downward API: fieldRef and resourceFieldRef (pkg/fieldpath, pkg/api/v1/resource). */
import { numericValue } from '../../../lib/quantity.ts'
import type { KubeObject } from '../../objects.ts'

/** What the node adds to a pod before its status says so. */
export interface PodAddresses {
  podIP: string
  hostIP: string
}

/** The value of a fieldPath; throws an Error for paths that the downward API does not have. */
export function fieldValue(pod: KubeObject, path: string, addresses: PodAddresses): string {
  const subscript = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path)
  if (subscript) {
    const map = pod.metadata[subscript[1] as 'labels' | 'annotations']
    return map?.[subscript[2]!] ?? ''
  }
  switch (path) {
    case 'metadata.name':
      return pod.metadata.name
    case 'metadata.namespace':
      return pod.metadata.namespace ?? ''
    case 'metadata.uid':
      return pod.metadata.uid
    case 'metadata.labels':
      return formatMap(pod.metadata.labels)
    case 'metadata.annotations':
      return formatMap(pod.metadata.annotations)
    case 'spec.nodeName':
      return pod.spec.nodeName ?? ''
    case 'spec.serviceAccountName':
      return pod.spec.serviceAccountName ?? ''
    case 'status.podIP':
    case 'status.podIPs':
      return addresses.podIP
    case 'status.hostIP':
    case 'status.hostIPs':
      return addresses.hostIP
    default:
      throw new Error(`unsupported fieldPath: ${path}`)
  }
}

function formatMap(map: Record<string, string> | undefined): string {
  return Object.entries(map ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join('\n')
}

export interface NodeAllocatable {
  /** Cores. */
  cpu: number
  /** Bytes. */
  memory: number
  ephemeralStorage: number
}

/** The value of a resourceFieldRef: rounded up to the divisor; an unset limit is what the node has. */
export function resourceValue(container: any, ref: any, allocatable: NodeAllocatable): string {
  const [kind, resource] = splitOnce(ref.resource, '.')
  const set = container.resources?.[kind]?.[resource]
  const fallback: Record<string, number> =
    kind === 'limits'
      ? {
          cpu: allocatable.cpu,
          memory: allocatable.memory,
          'ephemeral-storage': allocatable.ephemeralStorage,
        }
      : {}
  const value = set === undefined ? (fallback[resource] ?? 0) : numericValue(set)
  const divisor = numericValue(ref.divisor && ref.divisor !== '0' ? ref.divisor : '1')
  // The epsilon absorbs the binary fractions of decimal suffixes.
  return String(Math.ceil(value / divisor - 1e-9))
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return [text.slice(0, at), text.slice(at + 1)]
}
