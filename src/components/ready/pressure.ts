/** Nodes that are short of disk, memory or process numbers: they take no pods and evict those that they have. */
import { type DevenvError, retold } from '../../lib/errors.ts'
import type { KubeObject } from '../../lib/kube/object.ts'
import type { Condition } from './pods.ts'

const FIXES: Record<string, string> = {
  DiskPressure:
    'Free some space on the node’s disk; with k3d that is the Docker engine’s: docker system df shows what takes it, docker system prune frees what nothing uses. Pods come back by themselves, npm run up resumes.',
  MemoryPressure:
    'Give the engine or the machine more memory, or end something else on it; npm run up resumes.',
  PIDPressure: 'End something on that machine that has very many processes; npm run up resumes.',
}

/** `node x has DiskPressure (kubelet has disk pressure)` of the first that has, and what takes it away. */
export function pressureOf(nodes: KubeObject[]): { what: string; fix: string } | undefined {
  for (const { metadata, status } of nodes) {
    const found = ((status?.conditions ?? []) as Condition[]).find(
      (condition) => condition.type in FIXES && condition.status === 'True',
    )
    if (found)
      return {
        what: `node ${metadata.name} has ${found.type} (${found.message ?? 'no message'})`,
        fix: FIXES[found.type]!,
      }
  }
  return undefined
}

/** The error of a step, led by the pressure that is its likely cause; the same error where there is none. */
export function withPressure(error: DevenvError, nodes: KubeObject[]): DevenvError {
  const pressure = error.code === 'STEP_FAILED' || error.code === 'DEADLINE' ? pressureOf(nodes) : undefined
  if (!pressure) return error
  return retold(error, {
    message: `${pressure.what}, takes no pods and may evict those it has; ${error.message}`,
    fix: pressure.fix,
  })
}
