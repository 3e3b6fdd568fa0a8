/** Helpers of this folder's tests: a catalog with the operators' kinds, and objects as clients write them. */
import type { KubeObject, Manifest } from '../objects.ts'
import { createCatalog, operatorCrds } from './index.ts'
import type { Catalog, FieldError, ResourceInfo } from './types.ts'

export const NOW = Date.parse('2026-01-02T00:00:00Z')

/** A catalog that serves the operators' definitions too. */
export function fullCatalog(): Catalog {
  const catalog = createCatalog()
  for (const crd of operatorCrds()) catalog.setCustomResource(crd)
  return catalog
}

export function infoOf(catalog: Catalog, apiVersion: string, kind: string): ResourceInfo {
  const [version = '', group = ''] = apiVersion.split('/').reverse()
  const info = catalog.findKind(group, version, kind)
  if (!info) throw new Error(`${apiVersion} ${kind} is not served`)
  return info
}

/** `manifest` as it stands after pruning and defaulting. */
export function admitted(catalog: Catalog, manifest: Manifest): KubeObject {
  const object = structuredClone(manifest) as KubeObject
  const info = infoOf(catalog, object.apiVersion, object.kind)
  if (info.namespaced) object.metadata.namespace ??= 'default'
  catalog.prune(info, object)
  catalog.applyDefaults(info, object, NOW)
  return object
}

/** Errors of a manifest after pruning and defaulting, one line each: `field: Type: detail`. */
export function errorsOf(catalog: Catalog, manifest: Manifest, old?: Manifest): string[] {
  const object = admitted(catalog, manifest)
  const before = old && admitted(catalog, old)
  return catalog.validate(infoOf(catalog, object.apiVersion, object.kind), object, before).map(line)
}

function line({ field, type, detail }: FieldError): string {
  return `${field}: ${type}${detail ? `: ${detail}` : ''}`
}

/** A valid Deployment, with the given fields of its spec replaced. */
export function deployment(spec: Record<string, unknown> = {}): Manifest {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'web', image: 'registry.local/web:1' }] },
      },
      ...spec,
    },
  }
}

/** A valid Pod, with the given fields of its spec replaced. */
export function pod(spec: Record<string, unknown> = {}): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web' },
    spec: { containers: [{ name: 'web', image: 'web' }], ...spec },
  }
}
