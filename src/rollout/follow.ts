/** Follows one Rollout through watches: every change of its tree, until something is true or the signal aborts. */
import type { KubeClient } from '../lib/kube/client.ts'
import { LiveObjects } from '../lib/kube/live.ts'
import type { KubeObject, Resource } from '../lib/kube/object.ts'
import { ANALYSIS_RUNS, belonging, EXPERIMENTS, PODS, REPLICA_SETS, ROLLOUTS } from './find.ts'
import { type RolloutView, rolloutView } from './view.ts'

export interface FollowOptions {
  signal: AbortSignal
  /** Told the tree now and after each change. */
  onChange: (view: RolloutView) => void
  /** Its ReplicaSets, pods and AnalysisRuns too. */
  tree: boolean
  /** Ends the following; by default only the signal does. */
  done?: (view: RolloutView) => boolean
}

/** Answers the last tree. Rejects with INTERRUPTED when the signal aborts. */
export async function followRollout(
  client: KubeClient,
  rollout: KubeObject,
  { signal, onChange, tree, done = () => false }: FollowOptions,
): Promise<RolloutView> {
  const { name, namespace = 'default' } = rollout.metadata
  using live = new LiveObjects(client)
  return await live.until<RolloutView>(
    () => {
      const current = live.get(ROLLOUTS, namespace, name)
      const list = (resource: Resource) => (tree ? (live.list(resource, namespace) ?? []) : [])
      const pods = list(PODS)
      // The watches deliver one after the other: half a tree is not worth showing.
      const delivered = !tree || !current?.status?.replicas || pods.length > 0
      if (!current || !delivered) return { waiting: `Rollout ${name}` }
      const view = rolloutView(
        belonging(current, {
          replicaSets: list(REPLICA_SETS),
          pods,
          analysisRuns: list(ANALYSIS_RUNS),
          experiments: list(EXPERIMENTS),
        }),
      )
      onChange(view)
      return done(view)
        ? { done: view }
        : { waiting: `Rollout ${name}: ${view.phase} ${view.message}`.trim() }
    },
    { signal },
  )
}
