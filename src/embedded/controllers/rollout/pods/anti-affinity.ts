/** The rule that keeps the pods of an update off the nodes of the stable version. */
import type { KubeObject } from '../../../objects.ts'
import { HASH_LABEL } from '../names.ts'

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution'
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution'

/** `strategy.*.antiAffinity`, when it asks for either rule. */
function antiAffinity(rollout: KubeObject): Record<string, any> | undefined {
  const { blueGreen, canary } = rollout.spec.strategy ?? {}
  const wanted = (blueGreen ?? canary)?.antiAffinity
  return wanted?.[REQUIRED] || wanted?.[PREFERRED] ? wanted : undefined
}

/** The Rollout's pod spec, with the rule while another version is stable. */
export function withStableAntiAffinity(rollout: KubeObject, hash: string): any {
  const { spec } = rollout.spec.template
  const wanted = antiAffinity(rollout)
  const stable = rollout.status?.stableRS
  if (!wanted || !stable || stable === hash) return spec
  const term = {
    labelSelector: { matchExpressions: [{ key: HASH_LABEL, operator: 'In', values: [stable] }] },
    namespaces: [rollout.metadata.namespace],
    topologyKey: 'kubernetes.io/hostname',
  }
  const kind = wanted[PREFERRED] ? PREFERRED : REQUIRED
  const rule = wanted[PREFERRED] ? { weight: wanted[PREFERRED].weight, podAffinityTerm: term } : term
  const rules = spec.affinity?.podAntiAffinity ?? {}
  const podAntiAffinity = { ...rules, [kind]: [...(rules[kind] ?? []), rule] }
  return { ...spec, affinity: { ...spec.affinity, podAntiAffinity } }
}

/** A ReplicaSet's pod spec without the rule, for comparing it with the Rollout's. */
export function withoutStableAntiAffinity(rollout: KubeObject, spec: any): any {
  const rules = spec?.affinity?.podAntiAffinity
  if (!rules || !antiAffinity(rollout)) return spec
  const injected = (rule: any): boolean =>
    (rule.podAffinityTerm ?? rule).labelSelector?.matchExpressions?.some((one: any) => one.key === HASH_LABEL)
  const kept: Record<string, unknown> = {}
  for (const [kind, list] of Object.entries<any[]>(rules)) {
    const others = list.filter((rule) => !injected(rule))
    if (others.length > 0) kept[kind] = others
  }
  const { podAntiAffinity: _rules, ...affinity } = spec.affinity
  if (Object.keys(kept).length > 0) affinity.podAntiAffinity = kept
  const { affinity: _affinity, ...rest } = spec
  return Object.keys(affinity).length > 0 ? { ...rest, affinity } : rest
}
