/** Applies a product's objects in an order that works: CRDs first and served, workloads after what they refer to. */
import { DevenvError, messageOf } from '../errors.ts'
import { waitFor } from '../wait.ts'
import type { KubeClient } from './client.ts'
import { isKubeError } from './errors.ts'
import { ResourceMapper } from './mapper.ts'
import type { KubeObject } from './object.ts'
import { ownerOf } from './owned.ts'

export interface InstallOptions {
  /** For messages: `KEDA v2.20.2`. */
  title: string
  /** The environment whose labels the objects carry. */
  environment: string
  signal: AbortSignal
  waiting: (what: string) => void
}

const FIELD_MANAGER = 'devenv'
const AT_ONCE = 8
const WORKLOADS = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'Pod'])
const CALLED_BY_THE_API = new Set([
  'APIService',
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
])

/**
 * Server-side apply of all objects; of each wave side by side. A Namespace that somebody else made is used as it
 * is. Throws STEP_FAILED with the object and the server's own words.
 */
export async function installObjects(
  kube: KubeClient,
  objects: KubeObject[],
  options: InstallOptions,
): Promise<void> {
  const mapper = new ResourceMapper(kube)
  const crds = objects.filter(({ kind }) => kind === 'CustomResourceDefinition')
  for (const wave of waves(objects)) {
    await eachOf(wave, (object) => applyOne(kube, mapper, object, options))
    if (wave.some(({ kind }) => kind === 'CustomResourceDefinition'))
      await Promise.all(crds.map((crd) => served(kube, crd, options)))
  }
}

/** Namespaces and CRDs; what workloads refer to; workloads; what makes the API server call them. */
export function waves(objects: KubeObject[]): KubeObject[][] {
  const rank = ({ kind }: KubeObject) => {
    if (kind === 'Namespace' || kind === 'CustomResourceDefinition') return 0
    if (WORKLOADS.has(kind)) return 2
    return CALLED_BY_THE_API.has(kind) ? 3 : 1
  }
  return [0, 1, 2, 3]
    .map((wave) => objects.filter((object) => rank(object) === wave))
    .filter((wave) => wave.length > 0)
}

async function applyOne(
  kube: KubeClient,
  mapper: ResourceMapper,
  object: KubeObject,
  { title, environment, signal }: InstallOptions,
): Promise<void> {
  const failed = (why: string, cause?: unknown) =>
    new DevenvError('STEP_FAILED', `${title}: ${object.kind} ${object.metadata.name}: ${why}`, { cause })
  const mapping = await mapper.find(object)
  if (!mapping) throw failed(`the cluster does not serve ${object.apiVersion}`)
  if (object.kind === 'Namespace') {
    const there = await kube.find(mapping.resource, object.metadata.name)
    if (there && ownerOf(there) !== environment) return
  }
  try {
    await kube.apply(mapping.resource, object, { fieldManager: FIELD_MANAGER, signal })
  } catch (thrown) {
    throw failed(messageOf(thrown), thrown)
  }
}

/** Served is what Established promises; discovery is small where the definition has half a megabyte. */
async function served(kube: KubeClient, crd: KubeObject, { title, signal, waiting }: InstallOptions) {
  const { group, names, versions } = crd.spec
  const version = versions.find((candidate: { served: boolean }) => candidate.served)?.name
  await waitFor(
    `${title}: ${crd.metadata.name}`,
    async () => {
      try {
        const list = JSON.parse(await kube.raw('GET', `/apis/${group}/${version}`)) as {
          resources: { name: string }[]
        }
        if (list.resources.some(({ name }) => name === names.plural)) return { done: true }
      } catch (thrown) {
        if (!isKubeError(thrown, 404) && !isKubeError(thrown, 503)) throw thrown
      }
      return { waiting: 'not served yet' }
    },
    {
      // The step's own budget ends it: this only has to be longer.
      timeoutMs: 3_600_000,
      intervalMs: 100,
      signal,
      onWaiting: (state) => waiting(`${crd.metadata.name}: ${state.waiting}`),
    },
  )
}

async function eachOf(objects: KubeObject[], act: (object: KubeObject) => Promise<void>): Promise<void> {
  const queue = [...objects]
  const worker = async () => {
    for (let object = queue.shift(); object; object = queue.shift()) await act(object)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}
