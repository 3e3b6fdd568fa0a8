/** What annotations say about an object: hook phases, waves, options, delete policies. */
import type { Manifest } from '../../objects.ts'
import {
  COMPARE_OPTIONS,
  HELM_HOOK,
  HELM_HOOK_DELETE_POLICY,
  HELM_HOOK_WEIGHT,
  HELM_RESOURCE_POLICY,
  HOOK,
  HOOK_DELETE_POLICY,
  SYNC_OPTIONS,
  SYNC_WAVE,
} from './names.ts'
import type { SyncPhase } from './types.ts'

type Annotated = Pick<Manifest, 'metadata'>

export type HookType = SyncPhase | 'PreDelete' | 'PostDelete' | 'Skip'
export type DeletePolicy = 'HookSucceeded' | 'HookFailed' | 'BeforeHookCreation'

const HOOK_TYPES = new Set<string>([
  'PreSync',
  'Sync',
  'PostSync',
  'SyncFail',
  'PreDelete',
  'PostDelete',
  'Skip',
])
const DELETE_POLICIES = new Set<string>(['HookSucceeded', 'HookFailed', 'BeforeHookCreation'])

const FROM_HELM: Record<string, HookType> = {
  'pre-install': 'PreSync',
  'pre-upgrade': 'PreSync',
  'post-install': 'PostSync',
  'post-upgrade': 'PostSync',
  'pre-delete': 'PreDelete',
  'post-delete': 'PostDelete',
}

const POLICY_FROM_HELM: Record<string, DeletePolicy> = {
  'hook-succeeded': 'HookSucceeded',
  'hook-failed': 'HookFailed',
  'before-hook-creation': 'BeforeHookCreation',
}

function list(object: Annotated, annotation: string): string[] {
  const text = object.metadata.annotations?.[annotation]
  return text === undefined ? [] : text.split(',').map((item) => item.trim())
}

/** The phases that a hook runs in; none for a hook that never runs. Helm's annotation counts when Argo's says nothing valid. */
export function hookTypes(object: Annotated): HookType[] {
  const own = list(object, HOOK).filter((type) => HOOK_TYPES.has(type)) as HookType[]
  if (own.length > 0) return [...new Set(own)]
  return [...new Set(list(object, HELM_HOOK).flatMap((event) => FROM_HELM[event] ?? []))]
}

export function isSkipped(object: Annotated): boolean {
  return list(object, HOOK).includes('Skip')
}

/** A hook by either annotation, also one that never runs. `crd-install` is an ordinary resource. */
export function isHook(object: Annotated): boolean {
  if (object.metadata.annotations?.[HOOK] !== undefined) return !isSkipped(object)
  const events = list(object, HELM_HOOK)
  return events.length > 0 && !events.includes('crd-install')
}

export function deletePolicies(object: Annotated): DeletePolicy[] {
  const own = list(object, HOOK_DELETE_POLICY).filter((policy) =>
    DELETE_POLICIES.has(policy),
  ) as DeletePolicy[]
  const helm = list(object, HELM_HOOK_DELETE_POLICY).flatMap((policy) => POLICY_FROM_HELM[policy] ?? [])
  const all = [...own, ...helm]
  return all.length > 0 ? all : ['BeforeHookCreation']
}

/** Lower waves first; a text that is no whole number counts as absent. */
export function waveOf(object: Annotated): number {
  for (const annotation of [SYNC_WAVE, HELM_HOOK_WEIGHT]) {
    const text = object.metadata.annotations?.[annotation]
    if (text !== undefined && /^[+-]?\d+$/.test(text)) return Number(text)
  }
  return 0
}

/** Whether the object's own sync options have this one (`Prune=false`). */
export function hasSyncOption(object: Annotated, option: string): boolean {
  return list(object, SYNC_OPTIONS).includes(option)
}

export function hasCompareOption(object: Annotated, option: string): boolean {
  return list(object, COMPARE_OPTIONS).includes(option)
}

/**
 * An on/off option that both the object and the operation may set, `Name=true`; the object's word counts first.
 */
export function isOptionOn(object: Annotated, operationOptions: string[], name: string): boolean {
  if (hasSyncOption(object, `${name}=true`)) return true
  if (hasSyncOption(object, `${name}=false`)) return false
  return operationOptions.includes(`${name}=true`)
}

/** Never pruned, or only after somebody agrees; undefined: by all means. */
export function pruneRule(object: Annotated, operationOptions: string[]): 'no' | 'confirm' | undefined {
  return rule('Prune', object, operationOptions)
}

/** Whether the deletion of the Application leaves the object. */
export function deleteRule(object: Annotated, appOptions: string[]): 'no' | 'confirm' | undefined {
  if (list(object, HELM_RESOURCE_POLICY).includes('keep')) return 'no'
  return rule('Delete', object, appOptions)
}

function rule(name: string, object: Annotated, options: string[]): 'no' | 'confirm' | undefined {
  for (const has of [
    (value: string) => hasSyncOption(object, `${name}=${value}`),
    (value: string) => options.includes(`${name}=${value}`),
  ]) {
    if (has('false')) return 'no'
    if (has('confirm')) return 'confirm'
    if (has('true')) return undefined
  }
  return undefined
}
