/** Checks of environment variables and their sources. */
import { items, type Loose, struct } from '../defaults/fill.ts'
import { child, index } from '../field-path.ts'
import type { FieldError } from '../types.ts'
import { invalid, notSupported, required } from './field-errors.ts'
import { configKey, dns1123Subdomain, envName } from './names.ts'

const SOURCES = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef', 'fileKeyRef']
const FIELD_PATHS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
]

/** Errors of a container's `env` and `envFrom`. */
export function envErrors(container: Loose, path: string): FieldError[] {
  const env = items(container, 'env').flatMap((variable, position) => {
    const at = index(child(path, 'env'), position)
    const errors = variable.name
      ? envName(variable.name).map((problem) => invalid(child(at, 'name'), variable.name, problem))
      : [required(child(at, 'name'))]
    const from = struct(variable, 'valueFrom')
    return from ? [...errors, ...sourceErrors(variable, from, child(at, 'valueFrom'))] : errors
  })
  const envFrom = items(container, 'envFrom').flatMap((source, position) => {
    const at = index(child(path, 'envFrom'), position)
    const kinds = ['configMapRef', 'secretRef'].filter((kind) => struct(source, kind))
    if (!kinds.length) return [invalid(at, '', 'must specify one of: `configMapRef` or `secretRef`')]
    if (kinds.length > 1) return [invalid(at, '', 'may not have more than one field specified at a time')]
    return source[kinds[0]!].name ? [] : [required(child(child(at, kinds[0]!), 'name'))]
  })
  return [...env, ...envFrom]
}

function sourceErrors(variable: Loose, from: Loose, path: string): FieldError[] {
  const kinds = SOURCES.filter((kind) => struct(from, kind))
  const errors: FieldError[] = []
  if (!kinds.length) {
    const detail =
      'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`'
    errors.push(invalid(path, '', detail))
  }
  if (variable.value) errors.push(invalid(path, '', 'may not be specified when `value` is not empty'))
  if (kinds.length > 1) errors.push(invalid(path, '', 'may not have more than one field specified at a time'))
  for (const kind of ['configMapKeyRef', 'secretKeyRef']) {
    const reference = struct(from, kind)
    if (!reference) continue
    const at = child(path, kind)
    errors.push(
      ...dns1123Subdomain(reference.name ?? '').map((problem) =>
        invalid(child(at, 'name'), reference.name ?? '', problem),
      ),
    )
    if (!reference.key) errors.push(required(child(at, 'key')))
    else
      errors.push(
        ...configKey(reference.key).map((problem) => invalid(child(at, 'key'), reference.key, problem)),
      )
  }
  const field = struct(from, 'fieldRef')
  if (field) {
    const at = child(child(path, 'fieldRef'), 'fieldPath')
    if (!field.fieldPath) errors.push(required(at))
    else if (
      !FIELD_PATHS.includes(field.fieldPath) &&
      !/^metadata\.(labels|annotations)\['.+'\]$/.test(field.fieldPath)
    ) {
      errors.push(notSupported(at, field.fieldPath, FIELD_PATHS))
    }
  }
  return errors
}
