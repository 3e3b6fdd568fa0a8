/** Checks of metadata, the same for every kind (apimachinery pkg/api/validation/objectmeta.go). */
import type { KubeObject } from '../../objects.ts'
import { child, index } from '../field-path.ts'
import type { FieldError, ResourceInfo } from '../types.ts'
import { duplicate, forbidden, immutable, invalid, required, tooLong } from './field-errors.ts'
import {
  dns1035Label,
  dns1123Label,
  dns1123Subdomain,
  labelValue,
  pathSegment,
  qualifiedName,
} from './names.ts'

const ANNOTATIONS_MAX_BYTES = 256 * 1024

type Check = (name: string) => string[]

/** Kinds whose names follow another rule than the RFC 1123 subdomain. */
const NAME_CHECKS: Record<string, Check> = {
  '/Namespace': dns1123Label,
  '/Service': dns1035Label,
  'apiregistration.k8s.io/APIService': pathSegment,
  'rbac.authorization.k8s.io/ClusterRole': pathSegment,
  'rbac.authorization.k8s.io/ClusterRoleBinding': pathSegment,
  'rbac.authorization.k8s.io/Role': pathSegment,
  'rbac.authorization.k8s.io/RoleBinding': pathSegment,
}

export function metadataErrors(info: ResourceInfo, object: KubeObject, old?: KubeObject): FieldError[] {
  const { metadata } = object
  return [
    ...nameErrors(info, object),
    ...labelErrors(metadata.labels, 'metadata.labels'),
    ...annotationErrors(metadata.annotations, 'metadata.annotations'),
    ...ownerErrors(object),
    ...(metadata.finalizers ?? []).flatMap((finalizer, position) =>
      qualifiedName(finalizer).map((problem) =>
        invalid(index('metadata.finalizers', position), finalizer, problem),
      ),
    ),
    ...(old ? updateErrors(object, old) : []),
  ]
}

function nameErrors(info: ResourceInfo, { metadata }: KubeObject): FieldError[] {
  const check = NAME_CHECKS[`${info.group}/${info.kind}`] ?? dns1123Subdomain
  const errors: FieldError[] = []
  if (metadata.generateName && !metadata.name) {
    // A name is made by adding letters: a trailing separator is fine here.
    const prefix = metadata.generateName.replace(/[-.]$/, '')
    errors.push(
      ...check(prefix).map((problem) => invalid('metadata.generateName', metadata.generateName, problem)),
    )
  } else if (!metadata.name) {
    errors.push(required('metadata.name', 'name or generateName is required'))
  } else {
    errors.push(...check(metadata.name).map((problem) => invalid('metadata.name', metadata.name, problem)))
  }
  if (info.namespaced && metadata.namespace) {
    const { namespace } = metadata
    errors.push(
      ...dns1123Label(namespace).map((problem) => invalid('metadata.namespace', namespace, problem)),
    )
  } else if (info.namespaced) {
    errors.push(required('metadata.namespace'))
  } else if (metadata.namespace) {
    errors.push(forbidden('metadata.namespace', 'not allowed on this type'))
  }
  return errors
}

export function labelErrors(labels: Record<string, string> | undefined, path: string): FieldError[] {
  return Object.entries(labels ?? {}).flatMap(([name, value]) => [
    ...qualifiedName(name).map((problem) => invalid(path, name, problem)),
    ...labelValue(String(value)).map((problem) => invalid(path, value, problem)),
  ])
}

function annotationErrors(annotations: Record<string, string> | undefined, path: string): FieldError[] {
  let bytes = 0
  const errors = Object.entries(annotations ?? {}).flatMap(([name, value]) => {
    bytes += name.length + Buffer.byteLength(String(value))
    // Upper case is allowed in annotation keys, where labels' keys would also allow it: only the form counts.
    return qualifiedName(name.toLowerCase()).map((problem) => invalid(path, name, problem))
  })
  return bytes > ANNOTATIONS_MAX_BYTES ? [...errors, tooLong(path, '', ANNOTATIONS_MAX_BYTES)] : errors
}

function ownerErrors({ metadata }: KubeObject): FieldError[] {
  const path = 'metadata.ownerReferences'
  const owners = metadata.ownerReferences ?? []
  const errors = owners.flatMap((owner, position) =>
    (['apiVersion', 'kind', 'name', 'uid'] as const)
      .filter((name) => !owner[name])
      .map((name) =>
        invalid(
          child(index(path, position), name),
          '',
          `${name === 'apiVersion' ? 'version' : name} must not be empty`,
        ),
      ),
  )
  const controllers = owners.filter((owner) => owner.controller)
  if (controllers.length > 1) {
    const [first, second] = controllers.map((owner) => `${owner.kind}/${owner.name}`)
    const detail = `Only one reference can have Controller set to true. Found "true" in references for ${first} and ${second}`
    errors.push(invalid(path, owners, detail))
  }
  return errors
}

/** Parts of metadata that never change once set (ValidateObjectMetaAccessorUpdate). */
function updateErrors({ metadata }: KubeObject, old: KubeObject): FieldError[] {
  const before = old.metadata
  const errors: FieldError[] = []
  for (const name of ['name', 'namespace', 'uid', 'creationTimestamp'] as const) {
    if (before[name] !== undefined && metadata[name] !== before[name]) {
      errors.push(immutable(`metadata.${name}`, metadata[name]))
    }
  }
  if (before.deletionTimestamp) {
    const added = (metadata.finalizers ?? []).filter((each) => !before.finalizers?.includes(each))
    if (added.length) {
      const list = added.map((each) => JSON.stringify(each)).join(', ')
      const detail = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`
      errors.push(forbidden('metadata.finalizers', detail))
    }
  }
  return errors
}

/** Repeated values of one field among the items of a list that is keyed by it. */
export function repeatedErrors(list: Record<string, any>[], name: string, path: string): FieldError[] {
  const seen = new Set<unknown>()
  return list.flatMap((item, position) => {
    const value = item?.[name]
    if (value === undefined || !seen.has(value)) {
      seen.add(value)
      return []
    }
    return [duplicate(child(index(path, position), name), value)]
  })
}
