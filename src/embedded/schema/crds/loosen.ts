/** Places of a definition that its authors left open on purpose: anything may stand there. */
import type { Schema } from '../schema.ts'

const ANYTHING: Schema = { 'x-kubernetes-preserve-unknown-fields': true }

/**
 * `schema` with the node at `path` open; the nodes on the way are copied. `path` names properties, with `[]`
 * behind a list whose items are meant: `spec.containers[].resources`.
 */
export function loosened(schema: Schema, path: string): Schema {
  const [step = '', ...rest] = path.split('.')
  const name = step.replace('[]', '')
  const child = schema.properties?.[name]
  if (!child) throw new Error(`no property ${name} on the way to ${path}`)
  const follow = (node: Schema): Schema => (rest.length === 0 ? ANYTHING : loosened(node, rest.join('.')))
  const opened = step === name ? follow(child) : { ...child, items: follow(child.items!) }
  return { ...schema, properties: { ...schema.properties, [name]: opened } }
}
