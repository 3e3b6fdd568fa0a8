/** Checks of containers (pkg/apis/core/validation/validation.go validateContainerCommon). */
import { numericValueOrNaN } from '../../../lib/quantity.ts'
import { items, type Loose, struct } from '../defaults/fill.ts'
import { child, index, key } from '../field-path.ts'
import type { FieldError } from '../types.ts'
import { envErrors } from './env.ts'
import { duplicate, forbidden, invalid, notFound, notSupported, required } from './field-errors.ts'
import { repeatedErrors } from './metadata.ts'
import { dns1123Label, portName, portNumber } from './names.ts'
import { probeErrors } from './probes.ts'

const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never']
const PROTOCOLS = ['SCTP', 'TCP', 'UDP']
const MESSAGE_POLICIES = ['FallbackToLogsOnError', 'File']
const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe']

/** Errors of a pod's containers and init containers, names unique across both. */
export function containersErrors(spec: Loose, path: string): FieldError[] {
  const main = items(spec, 'containers')
  const init = items(spec, 'initContainers')
  const errors: FieldError[] = []
  if (!main.length) errors.push(required(child(path, 'containers')))
  const volumes = new Set(items(spec, 'volumes').map((volume) => volume.name))
  const check = (list: Loose[], at: string) =>
    list.forEach((container, position) => {
      errors.push(...containerErrors(container, index(at, position), spec, volumes))
    })
  check(main, child(path, 'containers'))
  check(init, child(path, 'initContainers'))
  init.forEach((container, position) => {
    errors.push(...initErrors(container, index(child(path, 'initContainers'), position)))
  })
  errors.push(...repeatedErrors(main, 'name', child(path, 'containers')))
  const names = new Set(main.map((container) => container.name))
  init.forEach((container, position) => {
    if (container.name && names.has(container.name)) {
      errors.push(duplicate(child(index(child(path, 'initContainers'), position), 'name'), container.name))
    }
    names.add(container.name)
  })
  return errors
}

function containerErrors(container: Loose, path: string, spec: Loose, volumes: Set<unknown>): FieldError[] {
  const errors: FieldError[] = []
  if (!container.name) errors.push(required(child(path, 'name')))
  else
    errors.push(
      ...dns1123Label(container.name).map((problem) => invalid(child(path, 'name'), container.name, problem)),
    )
  if (!container.image) errors.push(required(child(path, 'image')))
  else if (container.image !== container.image.trim()) {
    errors.push(
      invalid(child(path, 'image'), container.image, 'must not have leading or trailing whitespace'),
    )
  }
  for (const [name, supported] of [
    ['imagePullPolicy', PULL_POLICIES],
    ['terminationMessagePolicy', MESSAGE_POLICIES],
  ] as const) {
    if (container[name] && !supported.includes(container[name])) {
      errors.push(notSupported(child(path, name), container[name], supported))
    }
  }
  errors.push(...portErrors(container, path, spec.hostNetwork === true), ...envErrors(container, path))
  errors.push(
    ...mountErrors(container, path, volumes),
    ...resourceErrors(struct(container, 'resources'), child(path, 'resources')),
  )
  for (const name of PROBES) {
    const probe = struct(container, name)
    if (probe) errors.push(...probeErrors(probe, child(path, name), name !== 'readinessProbe'))
  }
  return errors
}

function initErrors(container: Loose, path: string): FieldError[] {
  if (container.restartPolicy === 'Always') return []
  const detail = 'may not be set for init containers without restartPolicy=Always'
  return [...PROBES, 'lifecycle']
    .filter((name) => container[name])
    .map((name) => forbidden(child(path, name), detail))
}

function portErrors(container: Loose, path: string, hostNetwork: boolean): FieldError[] {
  const names = new Set<string>()
  return items(container, 'ports').flatMap((port, position) => {
    const at = index(child(path, 'ports'), position)
    const errors: FieldError[] = []
    if (port.name) {
      const problems = portName(port.name)
      errors.push(...problems.map((problem) => invalid(child(at, 'name'), port.name, problem)))
      if (!problems.length && names.has(port.name)) errors.push(duplicate(child(at, 'name'), port.name))
      names.add(port.name)
    }
    if (!port.containerPort) errors.push(required(child(at, 'containerPort')))
    else
      errors.push(
        ...portNumber(port.containerPort).map((problem) =>
          invalid(child(at, 'containerPort'), port.containerPort, problem),
        ),
      )
    if (port.hostPort) {
      errors.push(
        ...portNumber(port.hostPort).map((problem) => invalid(child(at, 'hostPort'), port.hostPort, problem)),
      )
      if (hostNetwork && port.hostPort !== port.containerPort) {
        errors.push(
          invalid(
            child(at, 'hostPort'),
            port.hostPort,
            'must match `containerPort` when `hostNetwork` is true',
          ),
        )
      }
    }
    if (!PROTOCOLS.includes(port.protocol))
      errors.push(notSupported(child(at, 'protocol'), port.protocol, PROTOCOLS))
    return errors
  })
}

function mountErrors(container: Loose, path: string, volumes: Set<unknown>): FieldError[] {
  const paths = new Set<string>()
  return items(container, 'volumeMounts').flatMap((mount, position) => {
    const at = index(child(path, 'volumeMounts'), position)
    const errors: FieldError[] = []
    if (!mount.name) errors.push(required(child(at, 'name')))
    else if (!volumes.has(mount.name)) errors.push(notFound(child(at, 'name'), mount.name))
    if (!mount.mountPath) errors.push(required(child(at, 'mountPath')))
    else if (paths.has(mount.mountPath))
      errors.push(invalid(child(at, 'mountPath'), mount.mountPath, 'must be unique'))
    paths.add(mount.mountPath)
    if (mount.subPath?.startsWith('/'))
      errors.push(invalid(child(at, 'subPath'), mount.subPath, 'must be a relative path'))
    if (mount.subPath?.split('/').includes('..')) {
      errors.push(invalid(child(at, 'subPath'), mount.subPath, "must not contain '..'"))
    }
    return errors
  })
}

/** Quantities of a container's resources: none negative, no request above its limit. */
function resourceErrors(resources: Loose | undefined, path: string): FieldError[] {
  const errors: FieldError[] = []
  const limits = struct(resources, 'limits') ?? {}
  for (const kind of ['limits', 'requests']) {
    for (const [name, quantity] of Object.entries(struct(resources, kind) ?? {})) {
      const at = key(child(path, kind), name)
      if (numericValueOrNaN(quantity) < 0) {
        errors.push(invalid(at, String(quantity), 'must be greater than or equal to 0'))
      }
      const standard = /^(cpu|memory|ephemeral-storage|hugepages-.+)$/.test(name) || name.includes('/')
      if (!standard) errors.push(invalid(at, name, 'must be a standard resource type or fully qualified'))
      if (
        kind === 'requests' &&
        limits[name] !== undefined &&
        numericValueOrNaN(quantity) > numericValueOrNaN(limits[name])
      ) {
        const detail = `must be less than or equal to ${name} limit of ${limits[name]}`
        errors.push(invalid(child(path, 'requests'), String(quantity), detail))
      }
    }
  }
  return errors
}
