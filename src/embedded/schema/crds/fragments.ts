/** Schema fragments that the operators' definitions repeat. */
import type { Schema } from '../schema.ts'

/** Type name → field → what its schema says beyond the declared type; a field the type lacks is added whole. */
export type Refinements = Record<string, Record<string, Schema>>

export const TEXT: Schema = { type: 'string' }

/** Content that is accepted as it comes. */
export const ANY: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }

/** Name of an object: an RFC 1123 subdomain. */
export const NAME: Schema = {
  minLength: 1,
  maxLength: 253,
  pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$',
}

/** Key of a Secret or ConfigMap. */
export const KEY: Schema = { minLength: 1, maxLength: 253, pattern: '^[-._a-zA-Z0-9]+$' }

/** Name of a namespace: an RFC 1123 label. */
export const NAMESPACE: Schema = { minLength: 1, maxLength: 63, pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$' }

export const INT_OR_STRING: Schema = {
  anyOf: [{ type: 'integer' }, { type: 'string' }],
  'x-kubernetes-int-or-string': true,
}
