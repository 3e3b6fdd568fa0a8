/** Ingresses of AWS load balancers: what a Rollout changes in them, and which annotations it says are its own. */
import type { KubeObject } from '../../../objects.ts'
import { sameJson } from '../../shared/json.ts'
import { planEvent, type RolloutPlan } from '../plan.ts'
import { INGRESSES, ingressesOf } from './ingresses.ts'

const MANAGED = 'rollouts.argoproj.io/managed-alb-annotations'

export type Annotations = Record<string, string>

/** The parts of an Ingress that a Rollout writes. */
export interface AlbContent {
  annotations: Annotations
  rules: any[]
}

/** `alb.ingress.kubernetes.io/actions.NAME`, with the prefix of the spec. */
export function annotationKey(rollout: KubeObject, what: 'actions' | 'conditions', name: string): string {
  const { alb } = rollout.spec.strategy.canary.trafficRouting
  return `${alb.annotationPrefix || 'alb.ingress.kubernetes.io'}/${what}.${name}`
}

/**
 * Plans `change` for each of the Rollout's Ingresses that it makes different, and tells `what` was done. Later
 * changes of the same pass see it.
 */
export function changeIngresses(
  plan: RolloutPlan,
  what: string,
  change: (content: AlbContent) => AlbContent,
): void {
  for (const { name, field } of ingressesOf(plan.rollout)) {
    const ingress = plan.ingresses.find(({ metadata }) => metadata.name === name)
    if (!ingress || !field.startsWith('alb.')) continue
    const before: AlbContent = {
      annotations: ingress.metadata.annotations ?? {},
      rules: ingress.spec?.rules ?? [],
    }
    const after = change(before)
    if (sameJson(before, after)) continue
    planEvent(plan, 'PatchingALBIngress', `Updating Ingress \`${name}\` ${what}`)
    const { namespace } = ingress.metadata
    plan.changes.push({ verb: 'patch', resource: INGRESSES, namespace, name, patch: patchOf(before, after) })
    const { metadata, spec } = ingress
    plan.ingresses = plan.ingresses.map((one) =>
      one === ingress
        ? {
            ...ingress,
            metadata: { ...metadata, annotations: after.annotations },
            spec: { ...spec, rules: after.rules },
          }
        : one,
    )
  }
}

function patchOf(before: AlbContent, after: AlbContent) {
  const keys = new Set([...Object.keys(before.annotations), ...Object.keys(after.annotations)])
  const changed = [...keys].filter((key) => before.annotations[key] !== after.annotations[key])
  return {
    metadata: {
      annotations: Object.fromEntries(changed.map((key) => [key, after.annotations[key] ?? null])),
    },
    ...(sameJson(before.rules, after.rules) ? {} : { spec: { rules: after.rules } }),
  }
}

/** Adds annotations, and their names to the list of those that the Rollout wrote. */
export function withManaged(annotations: Annotations, rollout: string, added: Annotations): Annotations {
  return listed({ ...annotations, ...added }, rollout, (known) => [
    ...new Set([...known, ...Object.keys(added)]),
  ])
}

/** Takes annotations away again, from the list as well. */
export function withoutManaged(annotations: Annotations, rollout: string, keys: string[]): Annotations {
  const kept = Object.fromEntries(Object.entries(annotations).filter(([key]) => !keys.includes(key)))
  return listed(kept, rollout, (known) => known.filter((key) => !keys.includes(key)))
}

function listed(annotations: Annotations, rollout: string, list: (known: string[]) => string[]): Annotations {
  let known: Record<string, string[]> = {}
  try {
    known = JSON.parse(annotations[MANAGED] || '{}')
  } catch {
    // What nobody can read is written anew.
  }
  return { ...annotations, [MANAGED]: JSON.stringify({ ...known, [rollout]: list(known[rollout] ?? []) }) }
}
