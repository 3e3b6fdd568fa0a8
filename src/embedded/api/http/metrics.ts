/** metrics.k8s.io from the node's samples, external.metrics.k8s.io from KEDA's adapter. */
import { rfc3339 } from '../../../lib/clock.ts'
import { ApiError, notFound } from '../../errors.ts'
import type { PodUsage } from '../../node/agent.ts'
import type { KubeObject } from '../../objects.ts'
import { labelPredicate } from '../selectors/labels.ts'
import { nameOf, type ResourceExchange } from './exchange.ts'
import { sendObject } from './respond.ts'
import { sendList, sendOne } from './transform.ts'

const API_VERSION = 'metrics.k8s.io/v1beta1'
const KIB = 1024

/** PodMetrics of one pod, a namespace, or all. */
export function handlePodMetrics(exchange: ResourceExchange): void {
  const { context, path, query } = exchange
  const usages = context.agent()?.usage() ?? []
  const selects = labelPredicate(query.get('labelSelector') ?? undefined)
  const all = usages
    .filter(({ namespace, name }) => {
      if (path.namespace !== undefined && namespace !== path.namespace) return false
      return path.name === undefined || name === path.name
    })
    .map((usage) => podMetrics(usage, context.store.get('pods', usage.namespace, usage.name)))
    .filter(({ metadata }) => selects?.(metadata.labels) ?? true)
  sendMetrics(exchange, all)
}

/** NodeMetrics: what the pods of the node use, together. */
export function handleNodeMetrics(exchange: ResourceExchange): void {
  const { context, path, query } = exchange
  const usages = context.agent()?.usage() ?? []
  const selects = labelPredicate(query.get('labelSelector') ?? undefined)
  const nodes = usages.length > 0 ? context.store.list('nodes') : []
  const all = nodes
    .filter(({ metadata }) => path.name === undefined || metadata.name === path.name)
    .filter(({ metadata }) => selects?.(metadata.labels) ?? true)
    .map((node) => {
      const onNode = usages.filter(({ namespace, name }) => {
        return context.store.get('pods', namespace, name)?.spec?.nodeName === node.metadata.name
      })
      return nodeMetrics(node, onNode, context.clock.now())
    })
  sendMetrics(exchange, all)
}

/** ExternalMetricValueList of the metric that the path names. */
export async function handleExternalMetrics(exchange: ResourceExchange): Promise<void> {
  const { context, path, query } = exchange
  const metrics = context.externalMetrics()
  if (!metrics)
    throw new ApiError(503, 'ServiceUnavailable', 'the server is currently unable to handle the request')
  const metric = path.plural
  const items = await metrics.values(path.namespace ?? '', metric, query.get('labelSelector') ?? '')
  sendObject(exchange, 200, {
    kind: 'ExternalMetricValueList',
    apiVersion: 'external.metrics.k8s.io/v1beta1',
    metadata: {},
    items,
  })
}

function sendMetrics(exchange: ResourceExchange, all: KubeObject[]): void {
  const { info, path } = exchange
  if (path.name === undefined) {
    sendList(exchange, all, { resourceVersion: '' })
    return
  }
  const [one] = all
  if (!one) throw notFound(info.group, info.plural, nameOf(exchange))
  sendOne(exchange, 200, one)
}

function podMetrics(usage: PodUsage, pod: KubeObject | undefined): KubeObject {
  const { namespace, name, timestampMs, windowMs, containers } = usage
  return {
    kind: 'PodMetrics',
    apiVersion: API_VERSION,
    metadata: metadataOf(name, namespace, pod, timestampMs),
    timestamp: rfc3339(timestampMs),
    window: goDuration(windowMs),
    containers: containers.map((container) => ({
      name: container.name,
      usage: quantities(container.cpuNanocores, container.memoryBytes),
    })),
  }
}

function nodeMetrics(node: KubeObject, usages: PodUsage[], nowMs: number): KubeObject {
  const containers = usages.flatMap((usage) => usage.containers)
  const sum = (field: 'cpuNanocores' | 'memoryBytes') =>
    containers.reduce((total, container) => total + container[field], 0)
  return {
    kind: 'NodeMetrics',
    apiVersion: API_VERSION,
    metadata: metadataOf(node.metadata.name, undefined, node, nowMs),
    timestamp: rfc3339(usages[0]?.timestampMs ?? nowMs),
    window: goDuration(usages[0]?.windowMs ?? 15_000),
    usage: quantities(sum('cpuNanocores'), sum('memoryBytes')),
  }
}

function metadataOf(
  name: string,
  namespace: string | undefined,
  source: KubeObject | undefined,
  timestampMs: number,
): KubeObject['metadata'] {
  const labels = source?.metadata.labels
  return {
    name,
    ...(namespace ? { namespace } : {}),
    creationTimestamp: rfc3339(timestampMs),
    ...(labels ? { labels } : {}),
  } as KubeObject['metadata']
}

/** In metrics-server's units: nanocores, and KiB of memory. */
function quantities(cpuNanocores: number, memoryBytes: number) {
  return { cpu: `${Math.round(cpuNanocores)}n`, memory: `${Math.round(memoryBytes / KIB)}Ki` }
}

function goDuration(ms: number): string {
  return `${Number((ms / 1000).toFixed(3))}s`
}
