/** Looks at one environment: its status, and the objects that only the page shows, over connections that stay. */
import { KubeClient } from '../lib/kube/client.ts'
import { LiveObjects } from '../lib/kube/live.ts'
import type { Resource } from '../lib/kube/object.ts'
import type { RunRecord } from '../lib/record.ts'
import { ANALYSIS_RUNS, EXPERIMENTS, PODS, REPLICA_SETS, ROLLOUTS } from '../rollout/find.ts'
import { statusSource } from '../status/gather.ts'
import { canaryView } from './canary.ts'
import { latestEvents } from './events.ts'
import { podLine } from './pods.ts'
import type { Sample, Snapshot } from './snapshot.ts'

const EVENTS: Resource = 'v1/events'
const MOST_EVENTS = 60

export interface Observer extends AsyncDisposable {
  look(signal?: AbortSignal): Promise<Snapshot>
}

/** An observer of this environment. A cluster that does not answer is part of what is seen. */
export function observe(record: RunRecord): Observer {
  const { namespace } = record
  const source = statusSource(record)
  let client: KubeClient | undefined
  let live: LiveObjects | undefined
  return {
    async look(signal) {
      const status = await source.gather(signal)
      if (status.workloads.length > 0 || status.components.length > 0) {
        client ??= await KubeClient.fromFile(record.cluster.kubeconfig, record.cluster.context)
        live ??= new LiveObjects(client)
      }
      const list = (resource: Resource, where = namespace) => live?.list(resource, where) ?? []
      const replicaSets = list(REPLICA_SETS)
      const pods = list(PODS)
      const all = { replicaSets, pods, analysisRuns: list(ANALYSIS_RUNS), experiments: list(EXPERIMENTS) }
      const events = [...list(EVENTS), ...list(EVENTS, record.argocd ?? 'argocd')]
      return {
        at: Date.now(),
        status,
        canaries: list(ROLLOUTS).map((rollout) => canaryView(rollout, all)),
        pods: pods
          .map((pod) => podLine(pod, replicaSets))
          .sort((a, b) => a.workload.localeCompare(b.workload) || a.name.localeCompare(b.name)),
        events: latestEvents(events, MOST_EVENTS),
      }
    },
    async [Symbol.asyncDispose]() {
      live?.[Symbol.dispose]()
      client?.close()
      await source[Symbol.asyncDispose]()
    },
  }
}

/** What the charts keep of a snapshot. */
export function sampleOf({ at, status }: Snapshot): Sample {
  return {
    at,
    queues: Object.fromEntries(status.queues.map(({ name, ready, unacked }) => [name, ready + unacked])),
    replicas: Object.fromEntries(status.workloads.map(({ name, ready }) => [name, ready])),
  }
}
