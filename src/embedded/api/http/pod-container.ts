/** Which container of a pod is meant. */
import { badRequest } from '../../errors.ts'
import type { KubeObject } from '../../objects.ts'

/** The container named, or the only one; 400 for a name that the pod lacks, and for a choice of several. */
export function containerOf(pod: KubeObject, asked: string | null): string {
  const named = (field: string): string[] =>
    (pod.spec?.[field] ?? []).map((container: { name: string }) => container.name)
  const containers = named('containers')
  const inits = named('initContainers')
  const all = [...containers, ...inits, ...named('ephemeralContainers')]
  const { name } = pod.metadata
  if (asked) {
    if (all.includes(asked)) return asked
    throw badRequest(`container ${asked} is not valid for pod ${name}`)
  }
  if (containers.length === 1) return containers[0]!
  const also = inits.length > 0 ? ` or one of the init containers: [${inits.join(' ')}]` : ''
  throw badRequest(
    `a container name must be specified for pod ${name}, choose one of: [${containers.join(' ')}]${also}`,
  )
}
