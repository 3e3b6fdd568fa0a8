/** Applies manifests with server-side apply, in the order given, each once its kind is served. */
import { DevenvError, messageOf } from '../../lib/errors.ts'
import type { KubeClient } from '../../lib/kube/client.ts'
import { ResourceMapper } from '../../lib/kube/mapper.ts'
import type { KubeObject } from '../../lib/kube/object.ts'
import { ownerOf } from '../../lib/kube/owned.ts'
import { pastAbsence } from '../../lib/kube/past-absence.ts'

export interface Manifest {
  /** Where it comes from, for messages: `team1-project/templates/x.yaml`. */
  source: string
  object: KubeObject
}

export interface ApplyOptions {
  /** For namespaced objects that name none. */
  namespace: string
  /** Owner of the applied fields. */
  fieldManager: string
  signal: AbortSignal
  onObject?: (object: KubeObject) => void
}

/** Applies all; the first refusal stops, with the manifest's source and the server's own words. */
export async function applyManifests(
  kube: KubeClient,
  manifests: Manifest[],
  options: ApplyOptions,
): Promise<void> {
  const mapper = new ResourceMapper(kube)
  for (const manifest of manifests)
    await pastAbsence(manifest.source, () => applyOne(kube, mapper, manifest, options), options)
}

async function applyOne(
  kube: KubeClient,
  mapper: ResourceMapper,
  { source, object }: Manifest,
  options: ApplyOptions,
): Promise<void> {
  const mapping = await mapper.find(object)
  if (!mapping) {
    throw new DevenvError(
      'STEP_FAILED',
      `${source}: the cluster does not serve ${object.apiVersion} ${object.kind}`,
      {
        fix: 'Install what defines that kind, or switch the object off in the chart’s values.',
      },
    )
  }
  if (object.kind === 'Namespace' && (await isSomebodyElses(kube, object))) return
  const placed = mapping.namespaced ? withNamespace(object, options.namespace) : object
  try {
    await kube.apply(mapping.resource, placed, {
      fieldManager: options.fieldManager,
      signal: options.signal,
    })
  } catch (thrown) {
    throw new DevenvError(
      'STEP_FAILED',
      `${source}: ${object.kind} ${object.metadata.name}: ${messageOf(thrown)}`,
      { cause: thrown },
    )
  }
  options.onObject?.(placed)
}

/** A Namespace that another environment or a person made is used as it is. */
async function isSomebodyElses(kube: KubeClient, object: KubeObject): Promise<boolean> {
  const there = await kube.find('v1/namespaces', object.metadata.name)
  return there !== undefined && ownerOf(object) !== undefined && ownerOf(there) !== ownerOf(object)
}

function withNamespace(object: KubeObject, namespace: string): KubeObject {
  return object.metadata.namespace ? object : { ...object, metadata: { ...object.metadata, namespace } }
}
