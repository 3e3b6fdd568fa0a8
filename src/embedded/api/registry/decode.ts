/** From a body to an object of its type: unknown fields are pruned, defaults are applied. */
import { ApiError, badRequest } from '../../errors.ts'
import type { KubeObject } from '../../objects.ts'
import type { ResourceInfo } from '../../schema/types.ts'
import type { RegistryContext, WriteRequest } from './context.ts'
import { invalid } from './invalid.ts'

/** What the unknown fields of a patch are reported with: the patched object, as upstream quotes it. */
export interface DecodeSource {
  patched?: boolean
}

/**
 * Prunes and defaults `object` in place. Unknown fields are refused (Strict), warned of (Warn) or dropped;
 * values of the wrong JSON type are a 400.
 */
export function decode(
  context: RegistryContext,
  info: ResourceInfo,
  object: KubeObject,
  request: WriteRequest,
  source: DecodeSource = {},
): void {
  const mismatch = context.catalog.decodeError(info, object)
  if (mismatch !== undefined) throw cannotDecode(info, mismatch)
  const before = source.patched && request.fieldValidation === 'Strict' ? JSON.stringify(object) : ''
  const unknown = context.catalog.prune(info, object)
  if (unknown.length > 0) report(info, unknown, request, source.patched ? before : undefined)
  context.catalog.applyDefaults(info, object, context.clock.now())
}

/** Refuses a type mismatch in the words of Go's decoder. */
export function cannotDecode(info: ResourceInfo, why: string): ApiError {
  return badRequest(`${info.kind} in version "${info.version}" cannot be handled as a ${info.kind}: ${why}`)
}

function report(
  info: ResourceInfo,
  unknown: string[],
  request: WriteRequest,
  patched: string | undefined,
): void {
  const texts = unknown.map((path) => `unknown field ${JSON.stringify(path)}`)
  if (request.fieldValidation === 'Warn') for (const text of texts) request.warn?.(text)
  if (request.fieldValidation !== 'Strict') return
  const why = `strict decoding error: ${texts.join(', ')}`
  if (patched === undefined) throw cannotDecode(info, why)
  // Upstream reports a patch's unknown fields as an invalid patch of an object without a kind.
  throw new ApiError(
    422,
    'Invalid',
    ` "" is invalid: patch: Invalid value: ${JSON.stringify(patched)}: ${why}`,
    {
      causes: [
        {
          reason: 'FieldValueInvalid',
          message: `Invalid value: ${JSON.stringify(patched)}: ${why}`,
          field: 'patch',
        },
      ],
    },
  )
}

/** 422 when the catalog finds errors. */
export function checkValid(
  context: RegistryContext,
  info: ResourceInfo,
  object: KubeObject,
  old: KubeObject | undefined,
): void {
  const errors = context.catalog.validate(info, object, old)
  if (errors.length > 0) throw invalid(info, object.metadata.name, errors)
}
