/** Checks of storage claims, network policies, leases, priority classes, quotas and events. */
import { numericValueOrNaN } from '../../../lib/quantity.ts'
import { items, type Loose, struct } from '../defaults/fill.ts'
import { equalJson } from '../equal.ts'
import { child, index, key } from '../field-path.ts'
import type { FieldError } from '../types.ts'
import { forbidden, invalid, notSupported, required } from './field-errors.ts'
import { selectorErrors } from './selectors.ts'

const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod']
const MAX_USER_PRIORITY = 1000000000

export function claimErrors(claim: Loose, old?: Loose): FieldError[] {
  const spec = struct(claim, 'spec') ?? {}
  const errors: FieldError[] = []
  if (!spec.accessModes?.length)
    errors.push(required('spec.accessModes', 'at least 1 access mode is required'))
  for (const mode of spec.accessModes ?? []) {
    if (!ACCESS_MODES.includes(mode)) errors.push(notSupported('spec.accessModes', mode, ACCESS_MODES))
  }
  const storage = spec.resources?.requests?.storage
  if (storage === undefined) errors.push(required(key('spec.resources', 'storage')))
  else if (!(numericValueOrNaN(storage) > 0)) {
    errors.push(invalid('spec.resources.requests.storage', String(storage), 'must be greater than zero'))
  }
  if (old && !equalJson(boundPart(spec), boundPart(old.spec))) {
    const detail =
      'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims'
    errors.push(forbidden('spec', detail))
  }
  return errors
}

/** What of a claim stays as it was made; the volume is filled in when it is bound. */
function boundPart(spec: Loose): Loose {
  const { resources, volumeAttributesClassName, volumeName, ...rest } = spec
  return rest
}

export function networkPolicyErrors(policy: Loose): FieldError[] {
  const spec = struct(policy, 'spec') ?? {}
  const errors = selectorErrors(struct(spec, 'podSelector'), 'spec.podSelector')
  for (const [list, peers] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const) {
    items(spec, list).forEach((rule, position) => {
      items(rule, peers).forEach((peer, number) => {
        const at = index(child(index(`spec.${list}`, position), peers), number)
        const kinds = ['podSelector', 'namespaceSelector', 'ipBlock'].filter((name) => struct(peer, name))
        if (!kinds.length) errors.push(required(at, 'must specify a peer'))
        if (kinds.includes('ipBlock') && kinds.length > 1) {
          errors.push(forbidden(at, 'may not specify both ipBlock and another peer'))
        }
      })
    })
  }
  return errors
}

export function leaseErrors(lease: Loose): FieldError[] {
  const spec = struct(lease, 'spec') ?? {}
  const errors: FieldError[] = []
  if (spec.leaseDurationSeconds !== undefined && spec.leaseDurationSeconds <= 0) {
    errors.push(invalid('spec.leaseDurationSeconds', spec.leaseDurationSeconds, 'must be greater than 0'))
  }
  if (spec.leaseTransitions < 0) {
    errors.push(invalid('spec.leaseTransitions', spec.leaseTransitions, 'must be greater than or equal to 0'))
  }
  return errors
}

export function priorityClassErrors(priority: Loose, old?: Loose): FieldError[] {
  const errors: FieldError[] = []
  const system = (priority.metadata.name ?? '').startsWith('system-')
  if (!system && priority.value > MAX_USER_PRIORITY) {
    const detail = `maximum allowed value of a user defined priority is ${MAX_USER_PRIORITY}`
    errors.push(forbidden('value', detail))
  }
  if (old && old.value !== priority.value) {
    errors.push(forbidden('value', 'may not be changed in an update.'))
  }
  return errors
}

export function storageClassErrors(storageClass: Loose, old?: Loose): FieldError[] {
  const errors = storageClass.provisioner ? [] : [required('provisioner')]
  if (old && !equalJson(old.parameters, storageClass.parameters)) {
    errors.push(forbidden('parameters', 'updates to parameters are forbidden.'))
  }
  if (old && old.provisioner !== storageClass.provisioner) {
    errors.push(forbidden('provisioner', 'updates to provisioner are forbidden.'))
  }
  return errors
}

export function quotaErrors(quota: Loose): FieldError[] {
  return Object.entries(struct(struct(quota, 'spec'), 'hard') ?? {})
    .filter(([, quantity]) => numericValueOrNaN(quantity) < 0)
    .map(([name, quantity]) =>
      invalid(key('spec.hard', name), String(quantity), 'must be greater than or equal to 0'),
    )
}

/** An event stands in the namespace of what it is about; `default` for cluster-scoped things. */
export function eventErrors(event: Loose): FieldError[] {
  const about = struct(event, 'involvedObject') ?? struct(event, 'regarding') ?? {}
  const expected = about.namespace || 'default'
  const { namespace } = event.metadata
  const allowed = expected === namespace || (!about.namespace && namespace === 'kube-system')
  return allowed
    ? []
    : [invalid('involvedObject.namespace', about.namespace ?? '', 'does not match event.namespace')]
}

export function apiServiceErrors(service: Loose): FieldError[] {
  const spec = struct(service, 'spec') ?? {}
  const errors: FieldError[] = []
  const expected = `${spec.version}.${spec.group}`
  if (service.metadata.name !== expected) {
    errors.push(
      invalid(
        'metadata.name',
        service.metadata.name,
        `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(expected)}`,
      ),
    )
  }
  if (!(spec.groupPriorityMinimum > 0)) {
    const detail = 'must be positive and less than 20000'
    errors.push(invalid('spec.groupPriorityMinimum', spec.groupPriorityMinimum ?? 0, detail))
  }
  if (!(spec.versionPriority > 0)) {
    errors.push(
      invalid('spec.versionPriority', spec.versionPriority ?? 0, 'must be positive and less than 1000'),
    )
  }
  return errors
}
