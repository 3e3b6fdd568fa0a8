/** Checks of roles and their bindings (pkg/apis/rbac/validation). */
import { items, type Loose, struct } from '../defaults/fill.ts'
import { equalJson } from '../equal.ts'
import { child, index } from '../field-path.ts'
import type { FieldError } from '../types.ts'
import { forbidden, immutable, invalid, notSupported, required } from './field-errors.ts'
import { dns1123Subdomain } from './names.ts'
import { selectorErrors } from './selectors.ts'

const RBAC_GROUP = 'rbac.authorization.k8s.io'

export function roleErrors(role: Loose): FieldError[] {
  const cluster = role.kind === 'ClusterRole'
  const errors = items(role, 'rules').flatMap((rule, position) =>
    ruleErrors(rule, index('rules', position), cluster),
  )
  items(struct(role, 'aggregationRule'), 'clusterRoleSelectors').forEach((selector, position) => {
    errors.push(...selectorErrors(selector, index('aggregationRule.clusterRoleSelectors', position)))
  })
  return errors
}

function ruleErrors(rule: Loose, path: string, cluster: boolean): FieldError[] {
  const errors: FieldError[] = []
  if (!rule.verbs?.length)
    errors.push(required(child(path, 'verbs'), 'verbs must contain at least one value'))
  if (rule.nonResourceURLs?.length) {
    const at = child(path, 'nonResourceURLs')
    if (!cluster)
      errors.push(invalid(at, rule.nonResourceURLs, 'namespaced rules cannot apply to non-resource URLs'))
    if (rule.apiGroups?.length || rule.resources?.length || rule.resourceNames?.length) {
      const detail = 'rules cannot apply to both regular resources and non-resource URLs'
      errors.push(invalid(at, rule.nonResourceURLs, detail))
    }
    return errors
  }
  if (!rule.apiGroups?.length) {
    errors.push(required(child(path, 'apiGroups'), 'resource rules must supply at least one api group'))
  }
  if (!rule.resources?.length) {
    errors.push(required(child(path, 'resources'), 'resource rules must supply at least one resource'))
  }
  return errors
}

export function bindingErrors(binding: Loose, old?: Loose): FieldError[] {
  const role = struct(binding, 'roleRef') ?? {}
  const kinds = binding.kind === 'ClusterRoleBinding' ? ['ClusterRole'] : ['ClusterRole', 'Role']
  const errors: FieldError[] = []
  if (role.apiGroup !== RBAC_GROUP)
    errors.push(notSupported('roleRef.apiGroup', role.apiGroup ?? '', [RBAC_GROUP]))
  if (!kinds.includes(role.kind)) errors.push(notSupported('roleRef.kind', role.kind ?? '', kinds))
  if (!role.name) errors.push(required('roleRef.name'))
  items(binding, 'subjects').forEach((subject, position) => {
    errors.push(...subjectErrors(subject, index('subjects', position), binding.kind === 'ClusterRoleBinding'))
  })
  if (old && !equalJson(old.roleRef, binding.roleRef)) {
    errors.push(immutable('roleRef', binding.roleRef, 'cannot change roleRef'))
  }
  return errors
}

function subjectErrors(subject: Loose, path: string, cluster: boolean): FieldError[] {
  const errors = subject.name ? [] : [required(child(path, 'name'))]
  if (subject.kind === 'ServiceAccount') {
    if (subject.name) {
      errors.push(
        ...dns1123Subdomain(subject.name).map((problem) =>
          invalid(child(path, 'name'), subject.name, problem),
        ),
      )
    }
    if (subject.apiGroup) errors.push(notSupported(child(path, 'apiGroup'), subject.apiGroup, ['']))
    if (cluster && !subject.namespace) errors.push(required(child(path, 'namespace')))
    return errors
  }
  if (subject.kind !== 'User' && subject.kind !== 'Group') {
    return [
      ...errors,
      notSupported(child(path, 'kind'), subject.kind ?? '', ['ServiceAccount', 'User', 'Group']),
    ]
  }
  if (subject.apiGroup !== RBAC_GROUP) {
    errors.push(notSupported(child(path, 'apiGroup'), subject.apiGroup ?? '', [RBAC_GROUP]))
  }
  if (subject.namespace) {
    errors.push(forbidden(child(path, 'namespace'), 'namespace is not allowed for subjects of this kind'))
  }
  return errors
}
