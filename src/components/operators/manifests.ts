/** An operator's objects, ready to apply: pinned manifests and our own objects, patched, placed and labelled. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Operator, type Patch, patchesSchema } from '../../config/operators.ts'
import { readYaml } from '../../config/yaml-file.ts'
import { type FetchOptions, fetchArtifact } from '../../lib/download/artifact.ts'
import type { KubeObject } from '../../lib/kube/object.ts'
import { owned } from '../../lib/kube/owned.ts'
import { writeFileAtomic } from '../../lib/paths.ts'
import { patchObjects, type Size } from './patch.ts'

export interface LoadedOperator {
  operator: Operator
  objects: KubeObject[]
}

/** Kinds of the manifests that live in no namespace; their others are put into the operator's. */
const CLUSTER_SCOPED = new Set([
  'Namespace',
  'CustomResourceDefinition',
  'ClusterRole',
  'ClusterRoleBinding',
  'APIService',
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
  'PriorityClass',
])

/** Downloads what is not in the cache, side by side, and answers every operator's objects. */
export function loadOperators(
  operators: Operator[],
  given: { folder: string; checkout: string; size: Size; environment: string; fetch: FetchOptions },
): Promise<LoadedOperator[]> {
  return Promise.all(
    operators.map(async (operator) => {
      const { folder, checkout, size, environment, fetch } = given
      const files = operator.manifests[size] ?? operator.manifests.full
      const downloaded = files.map(({ url, sha256 }) =>
        parsedManifest({ title: `${operator.title} ${operator.version}`, url, sha256 }, fetch),
      )
      const own = operator.objects.map((path) => readObjects(join(folder, path)))
      const objects = (await Promise.all([...downloaded, ...own])).flat()
      const patches = operator.patches
        ? await readYaml(join(folder, operator.patches), patchesSchema, checkout)
        : []
      return { operator, objects: finish(objects, operator, patches, size, environment) }
    }),
  )
}

/** Patched, in a namespace, labelled; the namespace itself first. */
export function finish(
  objects: KubeObject[],
  operator: Operator,
  patches: Patch[],
  size: Size,
  environment: string,
): KubeObject[] {
  const { namespace } = operator
  const own: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }
  const others = objects.filter(({ kind, metadata }) => kind !== 'Namespace' || metadata.name !== namespace)
  const placed = patchObjects(others, patches, size).map((object) =>
    CLUSTER_SCOPED.has(object.kind) || object.metadata.namespace
      ? object
      : { ...object, metadata: { ...object.metadata, namespace } },
  )
  return [own, ...placed].map((object) => owned(object, environment))
}

/** Parsing two megabytes of YAML takes half a second: the cache keeps the result beside the file. */
async function parsedManifest(
  artifact: { title: string; url: string; sha256: string },
  fetch: FetchOptions,
): Promise<KubeObject[]> {
  const path = await fetchArtifact(artifact, fetch)
  const parsed = `${path}.json`
  try {
    return JSON.parse(await readFile(parsed, 'utf8')) as KubeObject[]
  } catch {
    const objects = await readObjects(path)
    await writeFileAtomic(parsed, JSON.stringify(objects))
    return objects
  }
}

async function readObjects(path: string): Promise<KubeObject[]> {
  const { parseAllDocuments } = await import('yaml')
  const documents = parseAllDocuments(await readFile(path, 'utf8'))
  return (Array.isArray(documents) ? documents : []).flatMap((document) => {
    for (const error of document.errors) throw error
    const object = document.toJS() as KubeObject | null
    return object ? [object] : []
  })
}
