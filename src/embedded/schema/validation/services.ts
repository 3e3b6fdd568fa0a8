/** Checks of Services, Ingresses and EndpointSlices. */
import { items, type Loose, struct } from '../defaults/fill.ts'
import { child, index } from '../field-path.ts'
import type { FieldError } from '../types.ts'
import { duplicate, forbidden, invalid, notSupported, required } from './field-errors.ts'
import { labelErrors, repeatedErrors } from './metadata.ts'
import { dns1035Label, dns1123Label, dns1123Subdomain, portNumber } from './names.ts'
import { portReferenceErrors } from './probes.ts'

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']
const AFFINITIES = ['ClientIP', 'None']
const PROTOCOLS = ['SCTP', 'TCP', 'UDP']
const PATH_TYPES = ['Exact', 'ImplementationSpecific', 'Prefix']
const ADDRESS_TYPES = ['FQDN', 'IPv4', 'IPv6']

export function serviceErrors(service: Loose, old?: Loose): FieldError[] {
  const spec = struct(service, 'spec') ?? {}
  const errors: FieldError[] = []
  const headless = spec.clusterIP === 'None'
  const ports = items(spec, 'ports')
  if (!ports.length && !headless && spec.type !== 'ExternalName') errors.push(required('spec.ports'))
  ports.forEach((port, position) => {
    errors.push(...servicePortErrors(port, index('spec.ports', position), spec.type, ports.length > 1))
  })
  errors.push(
    ...repeatedErrors(
      ports.filter((port) => port.name),
      'name',
      'spec.ports',
    ),
    ...samePortErrors(ports),
  )
  errors.push(...labelErrors(struct(spec, 'selector'), 'spec.selector'))
  if (!spec.sessionAffinity) errors.push(required('spec.sessionAffinity'))
  else if (!AFFINITIES.includes(spec.sessionAffinity)) {
    errors.push(notSupported('spec.sessionAffinity', spec.sessionAffinity, AFFINITIES))
  }
  if (!TYPES.includes(spec.type)) errors.push(notSupported('spec.type', spec.type, TYPES))
  if (spec.type === 'ExternalName') errors.push(...externalNameErrors(spec))
  if (headless && (spec.type === 'NodePort' || spec.type === 'LoadBalancer')) {
    errors.push(invalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${spec.type} services`))
  }
  return [...errors, ...addressChange(spec, old)]
}

function servicePortErrors(port: Loose, path: string, type: string, named: boolean): FieldError[] {
  const errors: FieldError[] = []
  if (named && !port.name) errors.push(required(child(path, 'name')))
  else if (port.name)
    errors.push(...dns1123Label(port.name).map((problem) => invalid(child(path, 'name'), port.name, problem)))
  errors.push(
    ...portNumber(port.port).map((problem) => invalid(child(path, 'port'), port.port ?? 0, problem)),
  )
  if (!PROTOCOLS.includes(port.protocol))
    errors.push(notSupported(child(path, 'protocol'), port.protocol, PROTOCOLS))
  errors.push(...portReferenceErrors(port.targetPort, child(path, 'targetPort')))
  if (port.nodePort && type === 'ClusterIP') {
    errors.push(forbidden(child(path, 'nodePort'), "may not be used when `type` is 'ClusterIP'"))
  }
  return errors
}

function samePortErrors(ports: Loose[]): FieldError[] {
  const seen = new Set<string>()
  return ports.flatMap(({ protocol, port }, position) => {
    const identity = `${protocol}/${port}`
    if (!seen.has(identity)) {
      seen.add(identity)
      return []
    }
    return [duplicate(index('spec.ports', position), { protocol, port })]
  })
}

function externalNameErrors(spec: Loose): FieldError[] {
  const name = (spec.externalName ?? '').replace(/\.$/, '')
  if (!name) return [required('spec.externalName')]
  return dns1123Subdomain(name).map((problem) => invalid('spec.externalName', spec.externalName, problem))
}

function addressChange(spec: Loose, old: Loose | undefined): FieldError[] {
  const before = old?.spec
  if (!before?.clusterIP || before.type === 'ExternalName' || spec.type === 'ExternalName') return []
  if (!spec.clusterIP || spec.clusterIP === before.clusterIP) return []
  return [invalid('spec.clusterIPs[0]', spec.clusterIPs ?? [spec.clusterIP], 'may not change once set')]
}

export function ingressErrors(ingress: Loose): FieldError[] {
  const spec = struct(ingress, 'spec') ?? {}
  const rules = items(spec, 'rules')
  const errors: FieldError[] = []
  if (!rules.length && !struct(spec, 'defaultBackend')) {
    errors.push(invalid('spec', rules, 'either `defaultBackend` or `rules` must be specified'))
  }
  if (struct(spec, 'defaultBackend'))
    errors.push(...backendErrors(spec.defaultBackend, 'spec.defaultBackend'))
  rules.forEach((rule, position) => {
    const at = index('spec.rules', position)
    if (rule.host && !rule.host.startsWith('*.')) {
      errors.push(
        ...dns1123Subdomain(rule.host).map((problem) => invalid(child(at, 'host'), rule.host, problem)),
      )
    }
    const http = struct(rule, 'http')
    if (http && !items(http, 'paths').length) errors.push(required(child(at, 'http.paths')))
    items(http, 'paths').forEach((path, number) => {
      errors.push(...ingressPathErrors(path, index(child(at, 'http.paths'), number)))
    })
  })
  return errors
}

function ingressPathErrors(path: Loose, at: string): FieldError[] {
  const errors: FieldError[] = []
  if (!path.pathType) errors.push(required(child(at, 'pathType'), 'pathType must be specified'))
  else if (!PATH_TYPES.includes(path.pathType)) {
    errors.push(notSupported(child(at, 'pathType'), path.pathType, PATH_TYPES))
  } else if (path.pathType !== 'ImplementationSpecific' && !path.path?.startsWith('/')) {
    errors.push(invalid(child(at, 'path'), path.path ?? '', 'must be an absolute path'))
  }
  return [...errors, ...backendErrors(struct(path, 'backend') ?? {}, child(at, 'backend'))]
}

function backendErrors(backend: Loose, path: string): FieldError[] {
  const service = struct(backend, 'service')
  if (!service) {
    const detail = 'resource or service backend is required'
    return struct(backend, 'resource') ? [] : [required(path, detail)]
  }
  const errors: FieldError[] = []
  if (!service.name) errors.push(required(child(path, 'service.name')))
  else
    errors.push(
      ...dns1035Label(service.name).map((problem) =>
        invalid(child(path, 'service.name'), service.name, problem),
      ),
    )
  const { name, number } = struct(service, 'port') ?? {}
  if (!name && !number) errors.push(required(child(path, 'service.port'), 'port name or number is required'))
  return errors
}

export function endpointSliceErrors(slice: Loose, old?: Loose): FieldError[] {
  if (!slice.addressType) return [required('addressType')]
  if (!ADDRESS_TYPES.includes(slice.addressType))
    return [notSupported('addressType', slice.addressType, ADDRESS_TYPES)]
  const errors = items(slice, 'endpoints').flatMap((endpoint, position) =>
    endpoint.addresses?.length
      ? []
      : [required(child(index('endpoints', position), 'addresses'), 'must contain at least 1 address')],
  )
  if (old && old.addressType !== slice.addressType) {
    errors.push(invalid('addressType', slice.addressType, 'field is immutable'))
  }
  return errors
}
