/** Field selectors: `metadata.name=x,status.phase!=Failed` over the labels that a type supports. */
import { badRequest } from '../../errors.ts'
import type { KubeObject } from '../../objects.ts'
import type { ResourceInfo } from '../../schema/types.ts'
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
  const terms = splitEscaped(selector).map((term) => parseTerm(info, term))
  if (terms.length === 0) return undefined
  const name = terms.find((term) => term.label === 'metadata.name' && term.equal)?.value
  return {
    matches: (object) => terms.every((term) => (read(object, term) === term.value) === term.equal),
    ...(name === undefined ? {} : { name }),
  }
}

interface Term {
  label: string
  path: string
  equal: boolean
  value: string
}

function parseTerm(info: ResourceInfo, term: string): Term {
  const match = /^([^=!]+)(==|=|!=)(.*)$/s.exec(term)
  if (!match) throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`)
  const label = match[1]!.trim()
  const path =
    label === 'metadata.name' || (label === 'metadata.namespace' && info.namespaced)
      ? label
      : (ALIASES[label] ?? info.selectableFields[label])
  if (path === undefined || !isSupported(info, label)) throw badRequest(`field label not supported: ${label}`)
  return { label, path, equal: match[2] !== '!=', value: match[3]!.replaceAll(/\\([\\,=])/g, '$1') }
}

function isSupported(info: ResourceInfo, label: string): boolean {
  return label.startsWith('metadata.') || label in info.selectableFields
}

function read(object: KubeObject, term: Term): string {
  const value = getPath(object, term.path)
  if (value === undefined || value === null) return ZERO[term.label] ?? ''
  return String(value)
}

/** Splits at commas that are not escaped with a backslash. */
function splitEscaped(selector: string): string[] {
  return selector
    .split(/(?<!\\),/)
    .map((term) => term.trim())
    .filter((term) => term !== '')
}
