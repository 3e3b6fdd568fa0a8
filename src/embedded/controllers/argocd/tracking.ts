/** Which Application an object belongs to: the tracking annotation. */
import type { Manifest } from '../../objects.ts'
import { TRACKING_ID } from './names.ts'

export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/')
  return slash < 0 ? '' : apiVersion.slice(0, slash)
}

export function versionOf(apiVersion: string): string {
  return apiVersion.slice(apiVersion.indexOf('/') + 1)
}

/** `group/kind/namespace/name`: one object, whatever version it is written in. */
export function keyOfObject({ apiVersion, kind, metadata }: Manifest): string {
  return `${groupOf(apiVersion)}/${kind}/${metadata.namespace ?? ''}/${metadata.name ?? ''}`
}

/** `web:apps/Deployment:shop/web`; a cluster-scoped object carries the destination's namespace. */
export function trackingId(
  appName: string,
  { apiVersion, kind, metadata }: Manifest,
  namespace: string,
): string {
  return `${appName}:${groupOf(apiVersion)}/${kind}:${metadata.namespace ?? namespace}/${metadata.name ?? ''}`
}

/** The Application that an object names, and whether the id is its own and not a copy of another object's. */
export function trackedBy(object: Manifest): { appName: string; own: boolean } | undefined {
  const id = object.metadata.annotations?.[TRACKING_ID]
  const match = /^([^:]+):([^:/]*)\/([^:]+):([^:/]*)\/(.*)$/.exec(id ?? '')
  if (!match) return undefined
  const [, appName, group, kind, namespace, name] = match
  const own =
    group === groupOf(object.apiVersion) &&
    kind === object.kind &&
    name === object.metadata.name &&
    (object.metadata.namespace === undefined || object.metadata.namespace === namespace)
  return { appName: appName!, own }
}
