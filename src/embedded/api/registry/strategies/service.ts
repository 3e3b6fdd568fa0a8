/** Services: cluster addresses are allocated, kept and given back. */
import type { KubeObject } from '../../../objects.ts'
import type { RegistryContext } from '../context.ts'
import type { Strategy } from './strategy.ts'

/** Whether the Service is to have a cluster address of its own. */
function wantsAddress(object: KubeObject): boolean {
  return object.spec?.type !== 'ExternalName' && object.spec?.clusterIP !== 'None'
}

function complete(spec: Record<string, any>): void {
  if (spec.type === 'ExternalName') return
  spec.clusterIPs = [spec.clusterIP]
  // A headless Service without a selector may be given endpoints of both families.
  const both = spec.clusterIP === 'None' && Object.keys(spec.selector ?? {}).length === 0
  spec.ipFamilies ??= both ? ['IPv4', 'IPv6'] : ['IPv4']
  spec.ipFamilyPolicy ??= both ? 'RequireDualStack' : 'SingleStack'
}

function address(object: KubeObject): string | undefined {
  const ip: unknown = object.spec?.clusterIP
  return wantsAddress(object) && typeof ip === 'string' && ip !== '' ? ip : undefined
}

export const serviceStrategy: Strategy = {
  prepareCreate(object) {
    object.spec ??= {}
    const { spec } = object
    spec.clusterIP ||= spec.clusterIPs?.[0]
    if (!spec.clusterIP) delete spec.clusterIP
    object.status = { loadBalancer: {} }
  },
  prepareUpdate(object, old) {
    const { spec } = object
    if (spec?.type === 'ExternalName') {
      for (const field of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy']) delete spec[field]
    } else if (spec && !spec.clusterIP && old.spec?.clusterIP) {
      spec.clusterIP = old.spec.clusterIP
      complete(spec)
    }
  },
  beforeStore(object, old, { allocator }) {
    if (wantsAddress(object)) {
      const asked = address(object)
      if (asked === undefined) object.spec.clusterIP = allocator.allocate()
      else if (asked !== (old && address(old))) allocator.reserve(asked)
    }
    complete(object.spec)
    const before = old && address(old)
    if (before && before !== address(object)) allocator.release?.(before)
  },
  afterRemove(object, { allocator }) {
    const ip = address(object)
    if (ip) allocator.release?.(ip)
  },
}

/** Marks the addresses of stored Services as taken, after a restart. */
export function reserveAddresses({ store, allocator }: RegistryContext): void {
  for (const service of store.list('services')) {
    const ip = address(service)
    if (ip) allocator.reserve(ip)
  }
}
