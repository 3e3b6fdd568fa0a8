/** Pods: what admission fills in, and the status that a new pod starts with. */
import { isRecord } from '../../../store/json.ts'
import type { Strategy } from './strategy.ts'

const NODE_TAINTS = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']
const TOLERATION_SECONDS = 300

export const podStrategy: Strategy = {
  prepareCreate(object) {
    object.spec ??= {}
    const { spec } = object
    spec.serviceAccountName ||= spec.serviceAccount || 'default'
    spec.serviceAccount = spec.serviceAccountName
    spec.priority ??= 0
    spec.preemptionPolicy ??= 'PreemptLowerPriority'
    spec.tolerations = withNodeTolerations(spec.tolerations)
    object.status = { phase: 'Pending', qosClass: qosClass(spec) }
  },
}

function withNodeTolerations(given: unknown): unknown[] {
  const tolerations: any[] = Array.isArray(given) ? given : []
  const tolerated = (key: string) =>
    tolerations.some(
      (toleration) =>
        (!toleration.key || toleration.key === key) &&
        (!toleration.effect || toleration.effect === 'NoExecute'),
    )
  const added = NODE_TAINTS.filter((key) => !tolerated(key)).map((key) => ({
    key,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: TOLERATION_SECONDS,
  }))
  return [...tolerations, ...added]
}

/** Guaranteed, Burstable or BestEffort, from cpu and memory of all containers. */
function qosClass(spec: Record<string, any>): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const containers: any[] = [...(spec.containers ?? []), ...(spec.initContainers ?? [])]
  const resources = containers.map((container) => container?.resources ?? {})
  const named = (part: unknown, name: string) => (isRecord(part) ? part[name] : undefined)
  const kinds = ['cpu', 'memory']
  const any = resources.some(({ limits, requests }) =>
    kinds.some((kind) => named(limits, kind) !== undefined || named(requests, kind) !== undefined),
  )
  if (!any) return 'BestEffort'
  const all = resources.every(({ limits, requests }) =>
    kinds.every((kind) => {
      const limit = named(limits, kind)
      return limit !== undefined && String(named(requests, kind) ?? limit) === String(limit)
    }),
  )
  return all ? 'Guaranteed' : 'Burstable'
}
