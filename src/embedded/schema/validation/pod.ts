/** Checks of pods and pod templates (pkg/apis/core/validation/validation.go ValidatePodSpec). */
import { items, type Loose, struct } from '../defaults/fill.ts'
import { equalJson } from '../equal.ts'
import { child, index } from '../field-path.ts'
import type { FieldError } from '../types.ts'
import { containersErrors } from './containers.ts'
import { forbidden, invalid, notSupported, required } from './field-errors.ts'
import { labelErrors } from './metadata.ts'
import { dns1123Label, dns1123Subdomain } from './names.ts'
import { volumesErrors } from './volumes.ts'

const RESTART_POLICIES = ['Always', 'OnFailure', 'Never']
const DNS_POLICIES = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']
const TOLERATION_EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']
const MAX_DEADLINE_SECONDS = 2147483647

export function podErrors(pod: Loose): FieldError[] {
  return podSpecErrors(struct(pod, 'spec') ?? {}, 'spec')
}

/** Errors of a workload's pod template: its labels and its pod spec. */
export function templateErrors(template: Loose | undefined, path: string): FieldError[] {
  const labels = labelErrors(struct(template, 'metadata')?.labels, child(path, 'metadata.labels'))
  return [...labels, ...podSpecErrors(struct(template, 'spec') ?? {}, child(path, 'spec'))]
}

function podSpecErrors(spec: Loose, path: string): FieldError[] {
  const errors = [...volumesErrors(spec, path), ...containersErrors(spec, path)]
  for (const [name, supported] of [
    ['restartPolicy', RESTART_POLICIES],
    ['dnsPolicy', DNS_POLICIES],
  ] as const) {
    if (!spec[name]) errors.push(required(child(path, name)))
    else if (!supported.includes(spec[name]))
      errors.push(notSupported(child(path, name), spec[name], supported))
  }
  for (const [name, check] of [
    ['serviceAccountName', dns1123Subdomain],
    ['nodeName', dns1123Subdomain],
    ['hostname', dns1123Label],
    ['subdomain', dns1123Label],
    ['priorityClassName', dns1123Subdomain],
  ] as const) {
    if (spec[name])
      errors.push(...check(spec[name]).map((problem) => invalid(child(path, name), spec[name], problem)))
  }
  const deadline = spec.activeDeadlineSeconds
  if (deadline !== undefined && (deadline < 1 || deadline > MAX_DEADLINE_SECONDS)) {
    const detail = `must be between 1 and ${MAX_DEADLINE_SECONDS}, inclusive`
    errors.push(invalid(child(path, 'activeDeadlineSeconds'), deadline, detail))
  }
  if (spec.terminationGracePeriodSeconds < 0) {
    const at = child(path, 'terminationGracePeriodSeconds')
    errors.push(invalid(at, spec.terminationGracePeriodSeconds, 'must be greater than or equal to 0'))
  }
  errors.push(...labelErrors(struct(spec, 'nodeSelector'), child(path, 'nodeSelector')))
  return [...errors, ...tolerationErrors(spec, path), ...spreadErrors(spec, path)]
}

function tolerationErrors(spec: Loose, path: string): FieldError[] {
  return items(spec, 'tolerations').flatMap((toleration, position) => {
    const at = index(child(path, 'tolerations'), position)
    const errors: FieldError[] = []
    if (!toleration.key && toleration.operator !== 'Exists') {
      const detail =
        'operator must be Exists when `key` is empty, which means "match all values and all keys"'
      errors.push(invalid(child(at, 'operator'), toleration.operator ?? '', detail))
    }
    if (toleration.operator === 'Exists' && toleration.value) {
      errors.push(
        invalid(child(at, 'operator'), toleration, "value must be empty when `operator` is 'Exists'"),
      )
    }
    if (toleration.operator && !['Equal', 'Exists'].includes(toleration.operator)) {
      errors.push(notSupported(child(at, 'operator'), toleration.operator, ['Equal', 'Exists']))
    }
    if (toleration.effect && !TOLERATION_EFFECTS.includes(toleration.effect)) {
      errors.push(notSupported(child(at, 'effect'), toleration.effect, TOLERATION_EFFECTS))
    }
    if (toleration.tolerationSeconds !== undefined && toleration.effect !== 'NoExecute') {
      const detail = "effect must be 'NoExecute' when `tolerationSeconds` is set"
      errors.push(invalid(child(at, 'effect'), toleration.effect ?? '', detail))
    }
    return errors
  })
}

function spreadErrors(spec: Loose, path: string): FieldError[] {
  return items(spec, 'topologySpreadConstraints').flatMap((constraint, position) => {
    const at = index(child(path, 'topologySpreadConstraints'), position)
    const errors: FieldError[] = []
    if (!(constraint.maxSkew > 0)) {
      errors.push(invalid(child(at, 'maxSkew'), constraint.maxSkew ?? 0, 'must be greater than zero'))
    }
    if (!constraint.topologyKey) errors.push(required(child(at, 'topologyKey'), 'can not be empty'))
    const actions = ['DoNotSchedule', 'ScheduleAnyway']
    if (!actions.includes(constraint.whenUnsatisfiable)) {
      errors.push(notSupported(child(at, 'whenUnsatisfiable'), constraint.whenUnsatisfiable ?? '', actions))
    }
    return errors
  })
}

const MUTABLE =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'

/**
 * Errors of an update of a pod: hardly any of its spec may change. Subresources that may change more (binding,
 * resize, ephemeralcontainers) are the server's to exempt, by passing the new spec as the old one.
 */
export function podUpdateErrors(pod: Loose, old: Loose): FieldError[] {
  if (equalJson(frozen(pod.spec), frozen(old.spec))) return []
  return [forbidden('spec', MUTABLE)]
}

/** A pod spec without the parts that may change. Names of scheduling gates may be removed, nodes bound. */
function frozen(spec: Loose = {}): Loose {
  const { activeDeadlineSeconds, tolerations, terminationGracePeriodSeconds, schedulingGates, ...rest } = spec
  const withoutImage = ({ image, ...container }: Loose) => container
  return {
    ...rest,
    containers: items(spec, 'containers').map(withoutImage),
    initContainers: items(spec, 'initContainers').map(withoutImage),
  }
}
