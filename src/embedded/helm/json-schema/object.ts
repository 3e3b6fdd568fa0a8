/** The keywords of objects. */
import { compileRegex } from '../funcs/regex.ts'
import type { Schema } from './document.ts'
import { quoted } from './failure.ts'
import { checkCount } from './limits.ts'
import type { Place } from './place.ts'

export function checkObject(place: Place, object: Record<string, unknown>): void {
  const { schema } = place
  checkCount(place, 'Properties', Object.keys(object).length)
  const missing = missingOf(object, schema.required)
  if (missing.length > 0)
    place.fail(`missing propert${missing.length === 1 ? 'y' : 'ies'} ${listed(missing)}`)
  for (const [name, wanted] of present(object, schema.dependencies)) {
    if (Array.isArray(wanted)) requireWith(place, object, name, wanted)
    else place.add(place.self(wanted as Schema))
  }
  checkMembers(place, object)
  if (schema.propertyNames !== undefined) {
    for (const name of Object.keys(object)) checkName(place, name)
  }
  for (const [, dependent] of present(object, schema.dependentSchemas))
    place.add(place.self(dependent as Schema))
  for (const [name, wanted] of present(object, schema.dependentRequired))
    requireWith(place, object, name, wanted)
}

function checkMembers(place: Place, object: Record<string, unknown>): void {
  const { properties = {}, patternProperties = {}, additionalProperties } = place.schema
  const patterns = Object.entries<Schema>(patternProperties)
  const extra: string[] = []
  for (const [name, value] of Object.entries(object)) {
    const schemas = patterns.filter(([pattern]) => compileRegex(pattern).matcher(name).find())
    const own: Schema[] = Object.hasOwn(properties, name) ? [properties[name]] : []
    const applying = [...own, ...schemas.map(([, schema]) => schema)]
    if (applying.length === 0 && additionalProperties === undefined) continue
    place.seen.add(name)
    for (const schema of applying) place.add(place.member(schema, value, name))
    if (applying.length > 0) continue
    if (additionalProperties === false) extra.push(name)
    else place.add(place.member(additionalProperties, value, name))
  }
  if (extra.length > 0) place.fail(`additional properties ${listed(extra)} not allowed`)
}

/** A name is checked as a document of its own. */
function checkName(place: Place, name: string): void {
  const failures = place.apart(place.schema.propertyNames, name)
  if (failures.length > 0) place.fail(`invalid propertyName ${quoted(name)}`, failures)
}

function present(object: Record<string, unknown>, table: unknown): [string, any][] {
  return Object.entries(table ?? {}).filter(([name]) => Object.hasOwn(object, name))
}

function missingOf(object: Record<string, unknown>, names: unknown): string[] {
  return Array.isArray(names) ? names.filter((name) => !Object.hasOwn(object, name)) : []
}

function requireWith(place: Place, object: Record<string, unknown>, name: string, wanted: unknown): void {
  const missing = missingOf(object, wanted)
  if (missing.length > 0) place.fail(`properties ${listed(missing)} required, if ${quoted(name)} exists`)
}

function listed(names: string[]): string {
  return names.map(quoted).join(', ')
}
