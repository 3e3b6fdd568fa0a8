/** Checks of CustomResourceDefinitions (apiextensions-apiserver pkg/apis/apiextensions/validation). */
import { items, type Loose, struct } from '../defaults/fill.ts'
import { child, index, key } from '../field-path.ts'
import type { FieldError } from '../types.ts'
import { immutable, invalid, notSupported, required } from './field-errors.ts'
import { dns1035Label, dns1123Subdomain } from './names.ts'
import { structuralErrors } from './structural-schema.ts'

const SCOPES = ['Cluster', 'Namespaced']
const COLUMN_TYPES = ['boolean', 'date', 'integer', 'number', 'string']
const APPROVAL = 'api-approved.kubernetes.io'

export function definitionErrors(crd: Loose, old?: Loose): FieldError[] {
  const spec = struct(crd, 'spec') ?? {}
  const names = struct(spec, 'names') ?? {}
  const errors: FieldError[] = []
  if (crd.metadata.name !== `${names.plural}.${spec.group}`) {
    errors.push(invalid('metadata.name', crd.metadata.name, 'must be spec.names.plural+"."+spec.group'))
  }
  errors.push(...groupErrors(crd, spec.group ?? ''), ...namesErrors(names), ...versionsErrors(spec))
  if (!SCOPES.includes(spec.scope)) errors.push(notSupported('spec.scope', spec.scope ?? '', SCOPES))
  if (spec.preserveUnknownFields === true) {
    const detail = 'must be false, structural schemas are required'
    errors.push(invalid('spec.preserveUnknownFields', true, detail))
  }
  return [...errors, ...updateErrors(spec, old)]
}

function groupErrors(crd: Loose, group: string): FieldError[] {
  if (!group) return [required('spec.group')]
  const errors = dns1123Subdomain(group).map((problem) => invalid('spec.group', group, problem))
  if (!group.includes('.'))
    errors.push(invalid('spec.group', group, 'should be a domain with at least one dot'))
  if (/(^|\.)(k8s|kubernetes)\.io$/.test(group) && !crd.metadata.annotations?.[APPROVAL]) {
    const detail =
      'protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111'
    errors.push(required(key('metadata.annotations', APPROVAL), detail))
  }
  return errors
}

function namesErrors(names: Loose): FieldError[] {
  const errors: FieldError[] = []
  for (const name of ['plural', 'singular', 'kind', 'listKind']) {
    const value = names[name]
    const at = `spec.names.${name}`
    if (!value) errors.push(required(at))
    else errors.push(...dns1035Label(value.toLowerCase()).map((problem) => invalid(at, value, problem)))
  }
  if (names.kind && names.kind === names.listKind) {
    errors.push(invalid('spec.names.listKind', names.listKind, 'kind and listKind may not be the same'))
  }
  return errors
}

function versionsErrors(spec: Loose): FieldError[] {
  const versions = items(spec, 'versions')
  const errors: FieldError[] = []
  if (versions.filter((version) => version.storage).length !== 1) {
    const detail = 'must have exactly one version marked as storage version'
    errors.push(invalid('spec.versions', spec.versions ?? [], detail))
  }
  const names = new Set<string>()
  versions.forEach((version, position) => {
    const at = index('spec.versions', position)
    const problems = dns1035Label(version.name ?? '')
    errors.push(...problems.map((problem) => invalid(child(at, 'name'), version.name ?? '', problem)))
    if (names.has(version.name))
      errors.push(invalid('spec.versions', versions, 'must contain unique version names'))
    names.add(version.name)
    errors.push(
      ...structuralErrors(version.schema?.openAPIV3Schema ?? {}, child(at, 'schema.openAPIV3Schema')),
    )
    errors.push(...columnErrors(version, at), ...scaleErrors(version, at))
  })
  return errors
}

function columnErrors(version: Loose, path: string): FieldError[] {
  return items(version, 'additionalPrinterColumns').flatMap((column, position) => {
    const at = index(child(path, 'additionalPrinterColumns'), position)
    const errors: FieldError[] = []
    if (!column.name) errors.push(required(child(at, 'name')))
    if (!column.type) errors.push(required(child(at, 'type'), `must be one of ${COLUMN_TYPES.join(',')}`))
    else if (!COLUMN_TYPES.includes(column.type)) {
      errors.push(invalid(child(at, 'type'), column.type, `must be one of ${COLUMN_TYPES.join(',')}`))
    }
    if (!column.jsonPath) errors.push(required(child(at, 'jsonPath')))
    return errors
  })
}

function scaleErrors(version: Loose, path: string): FieldError[] {
  const scale = struct(struct(version, 'subresources'), 'scale')
  if (!scale) return []
  const at = child(path, 'subresources.scale')
  const starts: Record<string, string> = { specReplicasPath: '.spec.', statusReplicasPath: '.status.' }
  return Object.entries(starts).flatMap(([name, start]) => {
    if (!scale[name]) return [required(child(at, name))]
    const detail = `should be a json path under ${start.slice(0, -1)}`
    return scale[name].startsWith(start) ? [] : [invalid(child(at, name), scale[name], detail)]
  })
}

function updateErrors(spec: Loose, old: Loose | undefined): FieldError[] {
  if (!old) return []
  const errors: FieldError[] = []
  for (const name of ['group', 'scope']) {
    if (spec[name] !== old.spec[name]) errors.push(immutable(`spec.${name}`, spec[name]))
  }
  for (const name of ['kind', 'plural']) {
    if (spec.names?.[name] !== old.spec.names[name])
      errors.push(immutable(`spec.names.${name}`, spec.names?.[name]))
  }
  const served = new Set(items(spec, 'versions').map((version) => version.name))
  for (const stored of old.status?.storedVersions ?? []) {
    if (!served.has(stored)) {
      const detail = `must appear in spec.versions`
      errors.push(invalid('status.storedVersions[0]', stored, detail))
    }
  }
  return errors
}
