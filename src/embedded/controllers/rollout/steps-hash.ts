/** Hash of a list of canary steps: a Rollout whose steps changed starts its update again. */

import { fnvHash } from '../shared/hash.ts'
import { canonicalJson } from '../shared/json.ts'
import type { CanaryStep } from './types.ts'

/** Fields in the order in which Go writes them. */
const FIELDS = [
  'setWeight',
  'pause',
  'experiment',
  'analysis',
  'setCanaryScale',
  'setHeaderRoute',
  'setMirrorRoute',
  'plugin',
] as const

/** Equal to upstream's for steps of weights and pauses; stable for all others. */
export function stepsHash(steps: CanaryStep[]): string {
  const parts = steps.map((step) => {
    const fields = FIELDS.filter((name) => step[name] !== undefined)
    return `{${fields.map((name) => `${JSON.stringify(name)}:${canonicalJson(step[name])}`).join(',')}}`
  })
  return fnvHash(steps.length === 0 ? 'null' : `[${parts.join(',')}]`)
}
