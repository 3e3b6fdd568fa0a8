/** What Go's JSON decoder objects to in a built-in object: values of the wrong JSON type. */
import { definitionName } from '../declared/packages.ts'
import { declaringFile } from '../declared/schemas.ts'
import { child } from '../field-path.ts'
import { isObject, type Schema, valueSchema } from '../schema.ts'

/** Integer fields that Go keeps in 64 bits; all others are int32. */
const LONG_FIELDS = new Set([
  'activeDeadlineSeconds',
  'deletionGracePeriodSeconds',
  'expirationSeconds',
  'fsGroup',
  'generation',
  'observedGeneration',
  'runAsGroup',
  'runAsUser',
  'supplementalGroups',
  'terminationGracePeriodSeconds',
  'tolerationSeconds',
])

const QUANTITY = /^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$/
const TIME = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const INT32_MAX = 2147483647

interface Place {
  /** Go type that owns the field, without its package. */
  owner: string
  /** Path from the root without list positions, as the decoder tells it. */
  path: string
  field: string
}

/** The decoder's message for the first value in `object` that does not fit; undefined when all fit. */
export function decodeError(kind: string, schema: Schema, object: unknown): string | undefined {
  return check(schema, object, { owner: kind, path: '', field: '' })
}

function check(schema: Schema, value: unknown, place: Place): string | undefined {
  if (value === null || value === undefined) return undefined
  switch (schema.type) {
    case 'object':
      return isObject(value) ? checkFields(schema, value, place) : mismatch(schema, value, place)
    case 'array':
      if (!Array.isArray(value)) return mismatch(schema, value, place)
      for (const item of value) {
        const error = schema.items && check(schema.items, item, place)
        if (error) return error
      }
      return undefined
    case 'string':
      return typeof value === 'string' ? checkText(schema.format, value) : mismatch(schema, value, place)
    case 'boolean':
      return typeof value === 'boolean' ? undefined : mismatch(schema, value, place)
    case 'integer':
      return checkInteger(schema, value, place)
    case 'number':
      return typeof value === 'number' ? undefined : mismatch(schema, value, place)
    default:
      return schema['x-kubernetes-int-or-string'] ? checkIntOrString(schema, value, place) : undefined
  }
}

function checkFields(schema: Schema, value: Record<string, unknown>, place: Place): string | undefined {
  const owner = goName(schema)?.replace(/^.*\./, '') ?? place.owner
  const values = valueSchema(schema)
  for (const [name, field] of Object.entries(value)) {
    const property = schema.properties?.[name]
    // The decoder names a map by its field, and says nothing of the key.
    const error = property
      ? check(property, field, { owner, path: child(place.path, name), field: name })
      : values && check(values, field, place)
    if (error) return error
  }
  return undefined
}

function checkInteger(schema: Schema, value: unknown, place: Place): string | undefined {
  if (typeof value !== 'number') return mismatch(schema, value, place)
  if (!Number.isInteger(value)) return mismatch(schema, value, place, `number ${value}`)
  const outside = Math.abs(value) > INT32_MAX && !LONG_FIELDS.has(place.field)
  return outside ? mismatch(schema, value, place, `number ${value}`) : undefined
}

function checkIntOrString(schema: Schema, value: unknown, place: Place): string | undefined {
  if (schema.format === 'quantity') {
    if (QUANTITY.test(String(value)) && typeof value !== 'boolean') return undefined
    return `quantities must match the regular expression '${QUANTITY.source}'`
  }
  if (typeof value === 'string' || Number.isInteger(value)) return undefined
  return mismatch(schema, value, place)
}

function checkText(format: string | undefined, value: string): string | undefined {
  if (format === 'date-time' && !TIME.test(value)) {
    return `parsing time ${JSON.stringify(value)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(value)} as "2006"`
  }
  if (format === 'byte' && !BASE64.test(value.replace(/[\r\n]/g, ''))) {
    const bad = value.search(/[^A-Za-z0-9+/=\r\n]/)
    return `illegal base64 data at input byte ${bad < 0 ? value.length - (value.length % 4) : bad}`
  }
  return undefined
}

function mismatch(schema: Schema, value: unknown, place: Place, what = jsonType(value)): string {
  const target = place.field ? `field ${place.owner}.${place.path}` : `value of type ${place.owner}`
  return `json: cannot unmarshal ${what} into Go struct ${target} of type ${goType(schema, place.field)}`
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'boolean') return 'bool'
  return typeof value
}

function goType(schema: Schema, field: string): string {
  switch (schema.type) {
    case 'array':
      return `[]${schema.items ? goType(schema.items, field) : 'interface {}'}`
    case 'boolean':
      return 'bool'
    case 'integer':
      return LONG_FIELDS.has(field) ? 'int64' : 'int32'
    case 'number':
      return 'float64'
    case 'string':
      return 'string'
    case 'object': {
      const values = valueSchema(schema)
      return values ? `map[string]${goType(values, field)}` : (goName(schema) ?? 'map[string]interface {}')
    }
    default:
      return goName(schema) ?? 'int32'
  }
}

/** `v1.PodSpec` of a declared type. */
function goName(schema: Schema): string | undefined {
  const file = declaringFile(schema)
  return file && definitionName(file).split('.').slice(-2).join('.')
}
