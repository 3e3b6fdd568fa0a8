/** A cluster with one HPA, for tests. */
import type { KubeObject } from '../../objects.ts'
import { deployment, manifest, NAMESPACE, podStatus } from '../testing/builders.ts'
import { TestCluster } from '../testing/cluster.ts'
import { hpaController } from './controller.ts'

const HPAS = 'autoscaling/v2/horizontalpodautoscalers'
const DEPLOYMENTS = 'apps/v1/deployments'
export const PERIOD = 1000

/** One Deployment `web` and its HPA, whose metrics are set by hand. */
export class Fixture extends TestCluster {
  /** Value of the external metric; an error is thrown. */
  queue: string | Error = '0'
  /** Questions to external.metrics.k8s.io so far. */
  asked: string[] = []
  cpuNanocores = 0

  constructor() {
    const world: { fixture?: Fixture } = {}
    super([
      hpaController({
        syncPeriodMs: PERIOD,
        sources: {
          podUsage: () => world.fixture!.usage(),
          external: {
            async values(namespace, metricName, labelSelector) {
              const { queue, asked, clock } = world.fixture!
              asked.push(`${namespace} ${metricName} ${labelSelector}`)
              if (queue instanceof Error) throw queue
              const timestamp = new Date(clock.now()).toISOString()
              return [{ metricName, metricLabels: null, timestamp, value: queue }]
            },
          },
        },
      }),
    ])
    world.fixture = this
  }

  usage() {
    if (this.cpuNanocores === 0) return []
    const containers = [{ name: 'app', cpuNanocores: this.cpuNanocores, memoryBytes: 1 }]
    return this.client.list('v1/pods').map(({ metadata: { name } }) => ({
      namespace: NAMESPACE,
      name,
      timestampMs: this.clock.now(),
      windowMs: 15_000,
      containers,
    }))
  }

  target(replicas: number): this {
    this.client.create(DEPLOYMENTS, deployment('web', { replicas }))
    this.report(replicas)
    return this
  }

  report(replicas: number): void {
    const patch = { status: { replicas } }
    this.client.patch(DEPLOYMENTS, NAMESPACE, 'web', patch, { type: 'merge', subresource: 'status' })
  }

  pods(count: number): this {
    for (let at = 0; at < count; at++) {
      const containers = [{ name: 'app', resources: { requests: { cpu: '100m' } } }]
      const labels = { app: 'web' }
      this.client.create(
        'v1/pods',
        manifest('v1', 'Pod', `web-${at}`, {
          metadata: { labels },
          spec: { containers },
          status: podStatus({ startTime: '2025-01-01T00:00:00Z', since: '2025-01-01T00:00:10Z' }),
        }),
      )
    }
    return this
  }

  hpa(spec: Record<string, unknown> = {}, name = 'web'): this {
    const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }
    const defaults = { scaleTargetRef, minReplicas: 1, maxReplicas: 10, metrics: [queueMetric('5')] }
    const object = manifest('autoscaling/v2', 'HorizontalPodAutoscaler', name, {
      spec: { ...defaults, ...spec },
    })
    this.client.create(HPAS, object)
    return this
  }

  get replicas(): number {
    return this.client.get(DEPLOYMENTS, NAMESPACE, 'web')!.spec.replicas
  }

  get status(): KubeObject['status'] {
    return this.client.get(HPAS, NAMESPACE, 'web')!.status
  }

  condition(type: string): string | undefined {
    const found = this.status?.conditions?.find((condition: { type: string }) => condition.type === type)
    return found && `${found.status} ${found.reason}: ${found.message}`
  }
}

/** The metric that KEDA's HPAs have. */
export function queueMetric(averageValue: string) {
  return {
    type: 'External',
    external: {
      metric: { name: 's0-rabbitmq-q', selector: { matchLabels: { 'scaledobject.keda.sh/name': 'q' } } },
      target: { type: 'AverageValue', averageValue },
    },
  }
}
export const cpuMetric = (averageUtilization: number) => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
})
/** How conditions and events call queueMetric. */
export const QUEUE_METRIC_NAME =
  'external metric s0-rabbitmq-q(&LabelSelector{MatchLabels:map[string]string{scaledobject.keda.sh/name: q,},MatchExpressions:[]LabelSelectorRequirement{},})'
