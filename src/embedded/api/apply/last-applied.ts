/** The move from client-side to server-side apply: kubectl does not conflict with what it applied before. */
import type { KubeObject } from '../../objects.ts'
import type { MergeNode } from '../../schema/types.ts'
import { isRecord } from '../../store/json.ts'
import { extractFields } from './extract.ts'
import { emptySet, type FieldSet } from './field-set.ts'
import type { Identity } from './managers.ts'

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** Fields in which `kubectl apply --server-side` ignores conflicts: those of the last-applied annotation. */
export function ignoredByLastApplied(schema: MergeNode, live: KubeObject, identity: Identity): FieldSet {
  const annotation = live.metadata?.annotations?.[LAST_APPLIED]
  if (identity.manager !== 'kubectl' || !annotation) return emptySet()
  try {
    const config: unknown = JSON.parse(annotation)
    return isRecord(config) ? extractFields(schema, config, LAST_APPLIED) : emptySet()
  } catch {
    // An annotation that is no configuration of this type exempts nothing.
    return emptySet()
  }
}
