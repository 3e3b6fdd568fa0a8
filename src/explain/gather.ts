/** Takes the snapshot that explanations are made from: the Kubernetes API and RabbitMQ's, nothing else. */
import { setMaxListeners } from 'node:events'
import { type Clock, systemClock } from '../lib/clock.ts'
import { messageOf } from '../lib/errors.ts'
import { KubeClient } from '../lib/kube/client.ts'
import { KubeError } from '../lib/kube/errors.ts'
import { ResourceMapper } from '../lib/kube/mapper.ts'
import type { KubeObject, Resource } from '../lib/kube/object.ts'
import { type BrokerAccess, listQueues, reachBroker } from '../lib/rabbitmq.ts'
import type { RunRecord } from '../lib/record.ts'
import { outOfSync, refreshSecondsOf } from './application.ts'
import { lastWords } from './last-words.ts'
import { secretView } from './secret-view.ts'
import type { Snapshot } from './snapshot.ts'

/** Looks again and again over the same connections. */
export interface SnapshotSource extends AsyncDisposable {
  look(signal?: AbortSignal): Promise<Snapshot>
}

export interface Looking {
  /** How often the HPA controller of this cluster looks, where that is known. Seconds. */
  hpaSyncSeconds?: number
  clock?: Clock
}

/** Where to look: an environment's record has all of it, but no environment of ours is needed. */
export type Place = Pick<RunRecord, 'namespace' | 'release' | 'endpoints' | 'cluster'>

/**
 * A source for the namespace of this environment. Types that the cluster does not serve are empty, those that we may
 * not list are named in `unreadable`; a broker that cannot be asked is a sentence. UNREACHABLE when the API server
 * does not answer.
 */
export async function snapshotSource(place: Place, looking: Looking = {}): Promise<SnapshotSource> {
  const { clock = systemClock, hpaSyncSeconds } = looking
  const client = await KubeClient.fromFile(place.cluster.kubeconfig, place.cluster.context)
  let access: BrokerAccess | undefined
  const askBroker = async (signal?: AbortSignal) => {
    access ??= await reachBroker(place as RunRecord, client)
    return listQueues(access, signal)
  }
  return {
    async look(given) {
      const signal = given && forMany(given)
      const objects = await readAll(client, place, signal)
      const queues = await askBroker(signal).catch((thrown) => messageOf(thrown))
      return {
        ...objects,
        queues,
        now: client.clock.of(clock.now()),
        ...(hpaSyncSeconds ? { hpaSyncSeconds } : {}),
      }
    },
    async [Symbol.asyncDispose]() {
      await access?.[Symbol.asyncDispose]()
      client.close()
    },
  }
}

/** A look asks twenty things at once, which Node takes for a leak of listeners. */
function forMany(signal: AbortSignal): AbortSignal {
  const own = AbortSignal.any([signal])
  setMaxListeners(0, own)
  return own
}

type Objects = Omit<Snapshot, 'queues' | 'now' | 'hpaSyncSeconds'>

/** What is read of the namespace as it is. */
const NAMESPACED = {
  rollouts: 'argoproj.io/v1alpha1/rollouts',
  deployments: 'apps/v1/deployments',
  statefulSets: 'apps/v1/statefulsets',
  replicaSets: 'apps/v1/replicasets',
  pods: 'v1/pods',
  scaledObjects: 'keda.sh/v1alpha1/scaledobjects',
  hpas: 'autoscaling/v2/horizontalpodautoscalers',
  triggerAuthentications: 'keda.sh/v1alpha1/triggerauthentications',
  externalSecrets: 'external-secrets.io/v1/externalsecrets',
  stores: 'external-secrets.io/v1/secretstores',
  analysisRuns: 'argoproj.io/v1alpha1/analysisruns',
  disruptionBudgets: 'policy/v1/poddisruptionbudgets',
  services: 'v1/services',
  ingresses: 'networking.k8s.io/v1/ingresses',
  events: 'v1/events',
} as const satisfies Record<string, Resource>

async function readAll(client: KubeClient, place: Place, signal?: AbortSignal): Promise<Objects> {
  const unreadable: string[] = []
  const read = async (resource: Resource, where: { namespace?: string }): Promise<KubeObject[]> => {
    try {
      return await client.listIfServed(resource, { ...where, ...(signal ? { signal } : {}) })
    } catch (thrown) {
      if (!(thrown instanceof KubeError)) throw thrown
      unreadable.push(resource)
      return []
    }
  }
  const { namespace } = place
  const names = Object.keys(NAMESPACED) as (keyof typeof NAMESPACED)[]
  const [secrets, nodes, clusterStores, applications, ...lists] = await Promise.all([
    read('v1/secrets', { namespace }),
    nodesOf(client, signal),
    read('external-secrets.io/v1/clustersecretstores', {}),
    read('argoproj.io/v1alpha1/applications', {}),
    ...names.map((name) => read(NAMESPACED[name], { namespace })),
  ])
  const found = Object.fromEntries(names.map((name, index) => [name, lists[index] ?? []])) as Record<
    keyof typeof NAMESPACED,
    KubeObject[]
  >
  const ours = applications.filter((one) => concerns(one, place))
  const [outOfSyncNow, refreshSeconds] = await Promise.all([
    drifted(client, ours, signal),
    refreshOf(client, ours[0], signal),
  ])
  const { rollouts, deployments, statefulSets, stores, ...rest } = found
  return {
    ...rest,
    workloads: [...rollouts, ...deployments, ...statefulSets],
    secretStores: [...stores, ...clusterStores],
    secrets: secrets.map(secretView),
    nodes,
    lastWords: await lastWords(client, rest.pods, signal),
    applications: ours,
    outOfSync: outOfSyncNow,
    ...(refreshSeconds === undefined ? {} : { refreshSeconds }),
    unreadable,
  }
}

/** Who may look into one namespace alone is told nothing of nodes, and misses little. */
async function nodesOf(client: KubeClient, signal?: AbortSignal): Promise<KubeObject[]> {
  return client.listIfServed('v1/nodes', signal ? { signal } : {}).catch((thrown) => {
    if (thrown instanceof KubeError) return []
    throw thrown
  })
}

/** Argo CD's own settings, beside its Applications; undefined where there are none, or we may not read them. */
async function refreshOf(
  client: KubeClient,
  application: KubeObject | undefined,
  signal?: AbortSignal,
): Promise<number | undefined> {
  if (!application?.metadata.namespace) return undefined
  const where = { namespace: application.metadata.namespace, ...(signal ? { signal } : {}) }
  const settings = await client.find('v1/configmaps', 'argocd-cm', where).catch((thrown) => {
    if (thrown instanceof KubeError) return undefined
    throw thrown
  })
  return settings && refreshSecondsOf(settings)
}

/** More of them say no more. */
const DRIFTED = 8

/** The live objects behind the rows that are OutOfSync; what may not be read is left out. */
async function drifted(
  client: KubeClient,
  applications: KubeObject[],
  signal?: AbortSignal,
): Promise<Snapshot['outOfSync']> {
  const mapper = new ResourceMapper(client)
  const rows = applications.flatMap(outOfSync).slice(0, DRIFTED)
  const asked = await Promise.allSettled(
    rows.map(async ({ group, version = 'v1', kind, name, namespace }) => {
      const mapping = await mapper.find({ apiVersion: group ? `${group}/${version}` : version, kind })
      if (!mapping) return { kind, name }
      const where = { ...(mapping.namespaced ? { namespace } : {}), ...(signal ? { signal } : {}) }
      const live = await client.find(mapping.resource, name, where)
      return { kind, name, ...(live ? { live } : {}) }
    }),
  )
  return asked.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
}

/** Applications live in Argo CD's namespace; ours is the one that deploys into the environment's. */
function concerns({ metadata, spec }: KubeObject, { namespace, release }: Place): boolean {
  return spec?.destination?.namespace === namespace || metadata.name === release
}
