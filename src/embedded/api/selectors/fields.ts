/** Field selectors: `metadata.name=x,status.phase!=Failed` over the labels that a type supports. */
import { badRequest } from '../../errors.ts'
import type { KubeObject } from '../../objects.ts'
import type { ResourceInfo } from '../../schema/types.ts'
import { type FieldRequirement, parseFieldSelector } from '../../selectors.ts'
import { getPath } from '../registry/paths.ts'

export interface FieldSelection {
  matches: (object: KubeObject) => boolean
  /** Set when the selector asks for exactly one name. */
  name?: string
}

// These are booleans and numbers without omitempty upstream: their absence reads as the zero value.
const ZERO: Record<string, string> = {
  'spec.unschedulable': 'false',
  'spec.hostNetwork': 'false',
  'status.replicas': '0',
  'status.successful': '0',
}

// An event's source is an object; the selector means its component.
const ALIASES: Record<string, string> = { source: 'source.component' }

/** Parses a field selector for a type; 400 for a label that the type does not support. */
export function fieldSelection(info: ResourceInfo, selector: string | undefined): FieldSelection | undefined {
  if (!selector) return undefined
  const terms = parseFieldSelector(selector).map((requirement) => locate(info, requirement))
  if (terms.length === 0) return undefined
  const name = terms.find((term) => term.field === 'metadata.name' && term.equal)?.value
  return {
    matches: (object) => terms.every((term) => (read(object, term) === term.value) === term.equal),
    ...(name === undefined ? {} : { name }),
  }
}

/** A requirement, and where the object keeps what it asks for. */
interface Term extends FieldRequirement {
  path: string
}

function locate(info: ResourceInfo, requirement: FieldRequirement): Term {
  const { field } = requirement
  const path =
    field === 'metadata.name' || (field === 'metadata.namespace' && info.namespaced)
      ? field
      : (ALIASES[field] ?? info.selectableFields[field])
  if (path === undefined || !isSupported(info, field)) throw badRequest(`field label not supported: ${field}`)
  return { ...requirement, path }
}

function isSupported(info: ResourceInfo, field: string): boolean {
  return field.startsWith('metadata.') || field in info.selectableFields
}

function read(object: KubeObject, { field, path }: Term): string {
  const value = getPath(object, path)
  if (value === undefined || value === null) return ZERO[field] ?? ''
  return String(value)
}
