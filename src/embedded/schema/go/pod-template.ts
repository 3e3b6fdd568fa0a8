/** Pod templates that stand in custom resources, as a controller written in Go has them. */
import { builtinFile } from '../declared/packages.ts'
import { declaredSchema } from '../declared/schemas.ts'
import { goForm } from './form.ts'
import { goJson } from './json.ts'

const schema = () => declaredSchema(builtinFile('', 'v1', 'PodTemplateSpec'))

/** json.Marshal of the template decoded into a PodTemplateSpec: unknown fields are gone, defaults are not applied. */
export function podTemplateJson(template: unknown): string {
  return goJson(schema(), template ?? {})
}

/** The template as a ReplicaSet of the API server holds it, but for its defaults. */
export function podTemplateForm(template: unknown): any {
  return goForm(schema(), template ?? {}, { stored: true })
}
