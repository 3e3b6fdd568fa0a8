/** What is in a Secret, ConfigMap, downward API or projected volume. Pure: objects in, files out. */
import type { KubeObject } from '../../objects.ts'
import type { EnvironmentSources } from '../env/environment.ts'
import { fieldValue, resourceValue } from '../env/field-ref.ts'
import type { VolumeFile } from './atomic-writer.ts'

/** A volume that cannot be set up yet: the message of the FailedMount event follows the colon. */
export class VolumeError extends Error {
  override readonly name = 'VolumeError'
}

export interface TokenSource {
  /** A token of the pod's ServiceAccount. */
  token(pod: KubeObject, audience: string | undefined, expirationSeconds: number): string
}

/**
 * The files of a volume, or undefined for volumes that are plain folders (emptyDir, hostPath, claims).
 * Throws VolumeError when something it needs is not there.
 */
export function volumeFiles(
  pod: KubeObject,
  volume: any,
  sources: EnvironmentSources,
  tokens: TokenSource,
): Map<string, VolumeFile> | undefined {
  const context = { pod, sources, tokens }
  if (volume.configMap) {
    const { name, items, optional, defaultMode } = volume.configMap
    return fromConfigMap(context, name, items, optional, defaultMode ?? 0o644)
  }
  if (volume.secret) {
    const { secretName, items, optional, defaultMode } = volume.secret
    return fromSecret(context, secretName, items, optional, defaultMode ?? 0o644)
  }
  if (volume.downwardAPI) {
    return fromDownward(context, volume.downwardAPI.items ?? [], volume.downwardAPI.defaultMode ?? 0o644)
  }
  if (volume.projected) {
    const mode = volume.projected.defaultMode ?? 0o644
    return new Map(
      (volume.projected.sources ?? []).flatMap((source: any) => [...fromProjection(context, source, mode)]),
    )
  }
  return undefined
}

interface Context {
  pod: KubeObject
  sources: EnvironmentSources
  tokens: TokenSource
}

function fromProjection(context: Context, source: any, mode: number): Map<string, VolumeFile> {
  if (source.configMap)
    return fromConfigMap(
      context,
      source.configMap.name,
      source.configMap.items,
      source.configMap.optional,
      mode,
    )
  if (source.secret)
    return fromSecret(context, source.secret.name, source.secret.items, source.secret.optional, mode)
  if (source.downwardAPI) return fromDownward(context, source.downwardAPI.items ?? [], mode)
  if (source.serviceAccountToken) {
    const { path, audience, expirationSeconds } = source.serviceAccountToken
    const token = context.tokens.token(context.pod, audience, expirationSeconds ?? 3600)
    return new Map([[path, { data: Buffer.from(token), mode }]])
  }
  throw new VolumeError('projected volume source is not supported here')
}

function fromConfigMap(
  context: Context,
  name: string,
  items: any[] | undefined,
  optional: boolean,
  mode: number,
) {
  const object = context.sources.configMap(context.pod.metadata.namespace!, name)
  if (!object && !optional) throw new VolumeError(`configmap "${name}" not found`)
  const data = new Map<string, Buffer>()
  for (const [key, value] of Object.entries(object?.data ?? {})) data.set(key, Buffer.from(value as string))
  for (const [key, value] of Object.entries(object?.binaryData ?? {}))
    data.set(key, Buffer.from(value as string, 'base64'))
  return select(data, items, optional, mode)
}

function fromSecret(
  context: Context,
  name: string,
  items: any[] | undefined,
  optional: boolean,
  mode: number,
) {
  const object = context.sources.secret(context.pod.metadata.namespace!, name)
  if (!object && !optional) throw new VolumeError(`secret "${name}" not found`)
  const data = new Map<string, Buffer>()
  for (const [key, value] of Object.entries(object?.data ?? {}))
    data.set(key, Buffer.from(value as string, 'base64'))
  return select(data, items, optional, mode)
}

/** All keys under their own names, or the chosen ones under their paths. */
function select(data: Map<string, Buffer>, items: any[] | undefined, optional: boolean, mode: number) {
  const files = new Map<string, VolumeFile>()
  if (!items?.length) {
    for (const [key, bytes] of data) files.set(key, { data: bytes, mode })
    return files
  }
  for (const item of items) {
    const bytes = data.get(item.key)
    if (!bytes && !optional) throw new VolumeError(`references non-existent config key: ${item.key}`)
    if (bytes) files.set(item.path, { data: bytes, mode: item.mode ?? mode })
  }
  return files
}

function fromDownward(context: Context, items: any[], mode: number): Map<string, VolumeFile> {
  const { pod, sources } = context
  return new Map(
    items.map((item) => {
      const container = pod.spec.containers.find(
        (one: any) => one.name === item.resourceFieldRef?.containerName,
      )
      const text = item.fieldRef
        ? fieldValue(pod, item.fieldRef.fieldPath, sources.addresses)
        : resourceValue(container, item.resourceFieldRef, sources.allocatable)
      return [item.path, { data: Buffer.from(text), mode: item.mode ?? mode }]
    }),
  )
}
