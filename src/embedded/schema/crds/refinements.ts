/** Applies what the packages' declared types do not tell about the operators' definitions. */
import { basename } from 'node:path'
import type { Schema } from '../schema.ts'
import { ARGO_CD } from './argo-cd.ts'
import { EXTERNAL_SECRETS } from './external-secrets.ts'
import { PROVIDERS } from './external-secrets-providers.ts'
import type { Refinements } from './fragments.ts'
import { KEDA } from './keda.ts'
import { ROLLOUTS } from './rollouts.ts'

/** Markers of Kubernetes' own types that definitions repeat; list map keys need the first. */
const KUBERNETES: Refinements = {
  ContainerPort: { protocol: { default: 'TCP' } },
  GRPCAction: { service: { default: '' } },
  LocalObjectReference: { name: { default: '' } },
}

const PACKAGES: Record<string, Refinements> = {
  'argo-cd': ARGO_CD,
  'argo-rollouts': ROLLOUTS,
  'external-secrets': { ...EXTERNAL_SECRETS, ...PROVIDERS },
  keda: KEDA,
  'kubernetes-models': KUBERNETES,
}

/** The refined fields of the type declared in `file`. */
export function refinementsOf(file: string): Record<string, Schema> {
  const match = /node_modules[\\/](?:@kubernetes-models[\\/])?([^\\/]+)/.exec(file)
  return PACKAGES[match?.[1] ?? '']?.[basename(file, '.d.ts')] ?? {}
}

/** `schema` with `refinement` laid over it; items and map values are refined, not replaced. */
export function refine(schema: Schema | undefined, refinement: Schema): Schema {
  const refined = { ...schema, ...refinement }
  if (schema?.items && refinement.items) refined.items = refine(schema.items, refinement.items)
  // A refinement takes a keyword away by naming it without a value.
  for (const [name, value] of Object.entries(refined))
    if (value === undefined) delete refined[name as keyof Schema]
  return refined
}
