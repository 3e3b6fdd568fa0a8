/** Applies a product's objects in an order that works: CRDs first, workloads after what they refer to, then what needs CRDs. */
import pMap from 'p-map'
import { DevenvError, messageOf } from '../errors.ts'
import { waitFor } from '../wait.ts'
import type { KubeClient } from './client.ts'
import { isKubeError } from './errors.ts'
import { ResourceMapper } from './mapper.ts'
import type { KubeObject } from './object.ts'
import { ownerOf } from './owned.ts'
import { isUnreachable, pastAbsence } from './past-absence.ts'

export interface InstallOptions {
  /** For messages: `KEDA v2.20.2`. */
  title: string
  /** The environment whose labels the objects carry. */
  environment: string
  signal: AbortSignal
  waiting: (what: string) => void
  /** Waited for before anything that makes pods. */
  beforePods?: () => Promise<void> | undefined
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
  const apply = (wave: KubeObject[]) =>
    pMap(wave, (one) => applyOne(kube, mapper, one, options), { concurrency: AT_ONCE })
  const { definitions, waves, custom } = inOrder(objects)
  await apply(definitions)
  // Pods that start meanwhile take the processor from the API server; starting them sooner gained nothing when tried.
  await Promise.all(servedBy(definitions).map((api) => served(kube, api, options)))
  for (const wave of waves) {
    if (wave.some(({ kind }) => WORKLOADS.has(kind))) await options.beforePods?.()
    await apply(wave)
  }
  await apply(custom)
}

interface Order {
  /** Namespaces and CRDs. */
  definitions: KubeObject[]
  /** What workloads refer to; workloads; what makes the API server call them. */
  waves: KubeObject[][]
  /** Objects of the kinds that the CRDs define. */
  custom: KubeObject[]
}

/** Which objects can be applied only after which others. */
export function inOrder(objects: KubeObject[]): Order {
  const defined = new Set(
    objects.flatMap(({ kind, spec }) =>
      kind === 'CustomResourceDefinition' ? `${spec.group}/${spec.names.kind}` : [],
    ),
  )
  const rank = ({ kind, apiVersion }: KubeObject) => {
    if (kind === 'Namespace' || kind === 'CustomResourceDefinition') return 0
    if (defined.has(`${apiVersion.split('/')[0]}/${kind}`)) return 4
    if (WORKLOADS.has(kind)) return 2
    return CALLED_BY_THE_API.has(kind) ? 3 : 1
  }
  const ranked = (wanted: number) => objects.filter((object) => rank(object) === wanted)
  return {
    definitions: ranked(0),
    waves: [1, 2, 3].map(ranked).filter((wave) => wave.length > 0),
    custom: ranked(4),
  }
}

interface ServedApi {
  /** `argoproj.io/v1alpha1`. */
  api: string
  /** Resources that it has to have. */
  plurals: string[]
}

/** The APIs that definitions bring, each once, however many kinds it has. */
function servedBy(definitions: KubeObject[]): ServedApi[] {
  const byApi = Map.groupBy(
    definitions.filter(({ kind }) => kind === 'CustomResourceDefinition'),
    ({ spec }) =>
      `${spec.group}/${spec.versions.find((candidate: { served: boolean }) => candidate.served)?.name}`,
  )
  return [...byApi].map(([api, crds]) => ({ api, plurals: crds.map(({ spec }) => spec.names.plural) }))
}

function applyOne(
  kube: KubeClient,
  mapper: ResourceMapper,
  object: KubeObject,
  options: InstallOptions,
): Promise<void> {
  const what = `${options.title}: ${object.kind} ${object.metadata.name}`
  return pastAbsence(what, () => tryToApply(kube, mapper, object, options), options)
}

async function tryToApply(
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

/** Served is what Established promises; discovery is small where a definition has half a megabyte. */
async function served(
  kube: KubeClient,
  { api, plurals }: ServedApi,
  { title, signal, waiting }: InstallOptions,
) {
  await waitFor(
    `${title}: ${api}`,
    async () => {
      const missing = await unserved(kube, api, plurals)
      return missing === undefined ? { done: true } : { waiting: `${missing} not served yet` }
    },
    {
      intervalMs: 100,
      signal,
      onWaiting: (state) => waiting(`${api}: ${state.waiting}`),
    },
  )
}

/** The first of the resources that is not there yet. */
async function unserved(kube: KubeClient, api: string, plurals: string[]): Promise<string | undefined> {
  try {
    const list = JSON.parse(await kube.raw('GET', `/apis/${api}`)) as { resources: { name: string }[] }
    const names = new Set(list.resources.map(({ name }) => name))
    return plurals.find((plural) => !names.has(plural))
  } catch (thrown) {
    if (!isKubeError(thrown, 404) && !isKubeError(thrown, 503) && !isUnreachable(thrown)) throw thrown
    return plurals[0]
  }
}
