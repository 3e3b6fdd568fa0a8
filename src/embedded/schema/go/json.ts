/** JSON as Go's encoder writes typed values: struct fields in their order, maps by key, HTML's marks escaped. */
import { isObject, type Schema, valueSchema } from '../schema.ts'
import { goFields } from './fields.ts'
import { goForm } from './form.ts'

/** What json.Marshal gives for `value` decoded into the struct that `schema` describes. */
export function goJson(schema: Schema, value: unknown): string {
  return write(schema, goForm(schema, value, { stored: false }))
}

function write(schema: Schema, value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => write(schema.items ?? {}, item)).join(',')}]`
  if (isObject(value)) {
    const fields = goFields(schema)
    const names = fields
      ? fields.map(({ name }) => name).filter((name) => value[name] !== undefined)
      : Object.keys(value).sort(byBytes)
    const known = (name: string) => schema.properties?.[name] ?? valueSchema(schema) ?? {}
    return `{${names.map((name) => `${quote(name)}:${write(known(name), value[name])}`).join(',')}}`
  }
  return typeof value === 'string' ? quote(value) : JSON.stringify(value)
}

/** Go sorts by UTF-8, which differs from JavaScript's order beyond the first 65,536 characters. */
function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

function quote(text: string): string {
  return JSON.stringify(text).replace(
    /[<>&\u2028\u2029]/g,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
