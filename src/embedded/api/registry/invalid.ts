/** 422 Invalid: field errors in the words of apimachinery's pkg/util/validation/field. */
import { ApiError, type StatusCause } from '../../errors.ts'
import type { FieldError } from '../../schema/types.ts'

const REASONS: Record<FieldError['type'], string> = {
  Required: 'FieldValueRequired',
  Invalid: 'FieldValueInvalid',
  TypeInvalid: 'FieldValueTypeInvalid',
  NotSupported: 'FieldValueNotSupported',
  Forbidden: 'FieldValueForbidden',
  Duplicate: 'FieldValueDuplicate',
  NotFound: 'FieldValueNotFound',
  TooLong: 'FieldValueTooLong',
  TooMany: 'FieldValueTooMany',
}

/** The error for an object that fails validation. `kind` may be a Kind of a group: `Deployment` in `apps`. */
export function invalid(
  type: { group: string; kind: string },
  name: string,
  errors: readonly FieldError[],
): ApiError {
  const kind = type.group ? `${type.kind}.${type.group}` : type.kind
  const texts = errors.map((error) => `${error.field || '<nil>'}: ${body(error)}`)
  const unique = [...new Set(texts)]
  const all = unique.length === 1 ? unique[0] : `[${unique.join(', ')}]`
  const causes: StatusCause[] = errors.map((error) => ({
    reason: REASONS[error.type],
    message: body(error),
    field: error.field || '<nil>',
  }))
  return new ApiError(422, 'Invalid', `${kind} "${name}" is invalid: ${all}`, {
    ...(name ? { name } : {}),
    ...(type.group ? { group: type.group } : {}),
    kind: type.kind,
    causes,
  })
}

function body({ type, detail, badValue }: FieldError): string {
  const tail = detail ? `: ${detail}` : ''
  switch (type) {
    case 'Required':
      return `Required value${tail}`
    case 'Forbidden':
      return `Forbidden${tail}`
    case 'NotSupported':
      return `Unsupported value: ${format(badValue)}${tail}`
    case 'Duplicate':
      return `Duplicate value: ${format(badValue)}${tail}`
    case 'NotFound':
      return `Not found: ${format(badValue)}${tail}`
    case 'TooLong':
      return `Too long${tail}`
    case 'TooMany':
      return typeof badValue === 'number' ? `Too many: ${badValue}${tail}` : `Too many${tail}`
    default:
      // CEL failures on objects carry no value (1.35): the detail stands alone.
      return badValue === undefined ? `Invalid value${tail}` : `Invalid value: ${format(badValue)}${tail}`
  }
}

function format(value: unknown): string {
  return JSON.stringify(value) ?? 'null'
}
