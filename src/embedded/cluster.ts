/** The embedded cluster as one thing: API server, controllers, operators, kubelet, network. */
import { join } from 'node:path'
import { type Clock, rfc3339 } from '../lib/clock.ts'
import type { Logger } from '../lib/log.ts'
import {
  bootstrapObjects,
  type Certificates,
  createApi,
  GIT_VERSION,
  type Listening,
  loadCertificates,
  writeKubeconfig,
} from './api/index.ts'
import type { Client } from './client.ts'
import { type ArgocdOptions, argocdControllers } from './controllers/argocd/argocd.ts'
import { coreControllers } from './controllers/core.ts'
import { externalSecretsControllers } from './controllers/external-secrets/external-secrets.ts'
import { externalSecretsWebhooks } from './controllers/external-secrets/webhook/webhooks.ts'
import { type Keda, kedaControllers } from './controllers/keda/keda.ts'
import { kedaWebhooks } from './controllers/keda/webhook/webhooks.ts'
import { rolloutControllers } from './controllers/rollout/index.ts'
import { ControllerManager } from './controllers/runtime/manager.ts'
import { servedResources } from './controllers/shared/served.ts'
import { isStatus } from './errors.ts'
import { ingressController } from './ingress/controller.ts'
import { createNet, type Net } from './net/index.ts'
import {
  type BrokerInstall,
  createKubelet,
  type ImageMap,
  type Kubelet,
  type NodeAgent,
  probeTier,
} from './node/index.ts'
import type { KubeObject } from './objects.ts'
import { createCatalog, operatorCrds } from './schema/index.ts'
import type { Catalog } from './schema/types.ts'

/** What charts see as `.Capabilities.KubeVersion`. */
const KUBE_VERSION = GIT_VERSION.replace(/^v|\+.*$/g, '')

export interface EmbeddedClusterOptions {
  /** Name of the environment and of the node. */
  name: string
  /** Every process carries it in DEVENV_ENVIRONMENT. Default: the name. */
  mark?: string
  /** Certificates, objects, pods and the kubeconfig live here. */
  stateDir: string
  cacheDir: string
  /** Entries of `node` runners are relative to this folder. */
  checkout: string
  images: ImageMap
  /** Absent: pods of the broker's image wait with ErrImagePull. */
  broker?: BrokerInstall
  /** 0 picks a free one. */
  apiPort: number
  /** Second octet of the cluster's 127.N.0.0/16; undefined picks a free one. */
  block?: number
  hpaSyncPeriodMs: number
  /** How Argo CD finds its sources; absent: no Argo CD. */
  argocd?: Pick<ArgocdOptions, 'folderOf' | 'exclusions'>
  clock: Clock
  log: Logger
}

export interface EmbeddedCluster extends AsyncDisposable {
  client: Client
  kubernetes: string
  kubeconfig: string
  apiPort: number
  block: number
  /** How pods are contained here, and why so. */
  tier: string
  /** Cluster DNS, for callers in this process. */
  lookup(hostname: string): string | undefined
  /** Ends all pods, controllers and the API. `fast` skips what only matters to a cluster that goes on. */
  stop(fast: boolean): Promise<void>
}

/** Starts everything; resolves when the API serves and the controllers run. */
export async function startEmbeddedCluster(options: EmbeddedClusterOptions): Promise<EmbeddedCluster> {
  const { clock, log, stateDir } = options
  const [net, tier, certificates] = await Promise.all([
    createNet({ blockHint: options.block ?? hashOf(options.name), exact: options.block !== undefined, log }),
    probeTier(),
    loadCertificates(join(stateDir, 'pki'), { nowMs: clock.now() }),
  ])
  const catalog = createCatalog()
  let kubelet: Kubelet | undefined
  const keda = kedaControllers({ lookup: net.lookup })
  const api = createApi({
    catalog,
    clock,
    log: log.child('api'),
    storeFile: join(stateDir, 'objects.sqlite'),
    allocator: net.services,
    agent: () => kubelet?.agent,
    externalMetrics: () => keda.externalMetrics,
    webhooks: (client) => [...kedaWebhooks(client), ...externalSecretsWebhooks()],
  })
  const { client } = api
  for (const crd of operatorCrds()) ensureCrd(client, crd)
  const listening = await api.listen({ host: '127.0.0.1', port: options.apiPort, certificates })
  bootstrap(client, catalog, certificates.ca, listening, clock)
  net.attach(client)
  kubelet = createKubelet({
    client,
    clock,
    log,
    nodeName: options.name,
    podsDir: join(stateDir, 'pods'),
    cacheDir: options.cacheDir,
    checkout: options.checkout,
    images: options.images,
    net,
    runtimeTier: tier,
    environment: { name: options.mark ?? options.name },
    brokerInstall: options.broker,
  })
  kubelet.start()
  const manager = startControllers({
    options,
    certificates,
    client,
    catalog,
    keda,
    net,
    agent: kubelet.agent,
  })
  const kubeconfig = join(stateDir, 'kubeconfig')
  await writeKubeconfig(kubeconfig, {
    name: options.name,
    server: `https://127.0.0.1:${listening.port}`,
    certificates,
  })
  const stop = async (fast: boolean): Promise<void> => {
    await manager[Symbol.asyncDispose]()
    await kubelet.stop(fast ? { graceMs: 0 } : {})
    await net[Symbol.asyncDispose]()
    await listening.close()
    api[Symbol.dispose]()
  }
  return {
    client,
    kubernetes: GIT_VERSION,
    kubeconfig,
    apiPort: listening.port,
    block: net.block,
    tier: `${tier.tier} (${tier.reason})`,
    lookup: net.lookup,
    stop,
    [Symbol.asyncDispose]: () => stop(true),
  }
}

interface Wiring {
  options: EmbeddedClusterOptions
  client: Client
  catalog: Catalog
  certificates: Certificates
  keda: Keda
  net: Net
  agent: NodeAgent
}

function startControllers({
  options,
  client,
  catalog,
  certificates,
  keda,
  net,
  agent,
}: Wiring): ControllerManager {
  const { clock, log } = options
  const manager = new ControllerManager({ client, clock, log })
  const controllers = [
    ...coreControllers({
      hpaSyncPeriodMs: options.hpaSyncPeriodMs,
      caCertificate: certificates.ca,
      resources: () => servedResources(catalog),
      metrics: {
        podUsage: (namespace) => agent.usage().filter((usage) => usage.namespace === namespace),
        external: keda.externalMetrics,
      },
    }),
    ...rolloutControllers({ lookup: net.lookup }),
    ...keda.controllers,
    ...externalSecretsControllers({ lookup: net.lookup }),
    ingressController({ host: net.nodeAddress, fallback: certificates, lookup: net.lookup }),
    ...(options.argocd
      ? argocdControllers({
          ...options.argocd,
          catalog,
          clock,
          cacheDir: join(options.stateDir, 'argocd'),
          kubeVersion: KUBE_VERSION,
        })
      : []),
  ]
  for (const controller of controllers) manager.add(controller)
  return manager
}

/** A resumed cluster has its CRDs already. */
function ensureCrd(client: Client, crd: KubeObject): void {
  try {
    client.create('apiextensions.k8s.io/v1/customresourcedefinitions', crd)
  } catch (thrown) {
    if (!isStatus(thrown, 409)) throw thrown
  }
}

function bootstrap(client: Client, catalog: Catalog, ca: string, { port }: Listening, clock: Clock): void {
  const groupVersions = [
    ...new Set(catalog.resources().map(({ group, version }) => (group ? `${group}/${version}` : version))),
  ]
  bootstrapObjects(client, { ca, address: '127.0.0.1', port, groupVersions, now: rfc3339(clock.now()) })
}

/** Spreads environments over the 127.N blocks: the same name asks for the same block again. */
function hashOf(name: string): number {
  return [...name].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) >>> 0, 7)
}
