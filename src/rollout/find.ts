/** Which Rollout a command is about, and the objects that belong to it. */
import { DevenvError } from '../lib/errors.ts'
import type { KubeClient } from '../lib/kube/client.ts'
import type { KubeObject, Resource } from '../lib/kube/object.ts'

export const ROLLOUTS: Resource = 'argoproj.io/v1alpha1/rollouts'
export const REPLICA_SETS: Resource = 'apps/v1/replicasets'
export const PODS: Resource = 'v1/pods'
export const ANALYSIS_RUNS: Resource = 'argoproj.io/v1alpha1/analysisruns'
export const EXPERIMENTS: Resource = 'argoproj.io/v1alpha1/experiments'

/** The Rollout that people mean when there are several and they name none. */
const DEFAULT_NAME = 'core-api'

/** Where to look: the environment's namespace, and the release that names may leave out. */
export interface Place {
  namespace: string
  release: string
}

/** A Rollout with everything that its tree shows. */
export interface RolloutObjects {
  rollout: KubeObject
  replicaSets: KubeObject[]
  /** Of its ReplicaSets and of its Experiments'. */
  pods: KubeObject[]
  analysisRuns: KubeObject[]
  experiments: ExperimentObjects[]
}

export interface ExperimentObjects {
  experiment: KubeObject
  replicaSets: KubeObject[]
  analysisRuns: KubeObject[]
}

/** What a namespace holds of the types that a tree is made of. */
export interface NamespaceObjects {
  replicaSets: KubeObject[]
  pods: KubeObject[]
  analysisRuns: KubeObject[]
  experiments: KubeObject[]
}

/**
 * The Rollout called `name` or `RELEASE-name`; without a name the only one, or the release's core-api.
 * USAGE, with the names that there are, when that is none.
 */
export async function findRollout(
  client: KubeClient,
  place: Place,
  name: string | undefined,
): Promise<KubeObject> {
  return chooseRollout(await client.listIfServed(ROLLOUTS, { namespace: place.namespace }), place, name)
}

/** As findRollout, among Rollouts that have been read already. */
export function chooseRollout(
  rollouts: KubeObject[],
  { namespace, release }: Place,
  name: string | undefined,
): KubeObject {
  const called = (wanted: string) =>
    rollouts.find(({ metadata }) => metadata.name === wanted) ??
    rollouts.find(({ metadata }) => metadata.name === `${release}-${wanted}`)
  const found =
    name === undefined ? (rollouts.length === 1 ? rollouts[0] : called(DEFAULT_NAME)) : called(name)
  if (found) return found
  const names = rollouts.map(({ metadata }) => metadata.name.replace(`${release}-`, '')).sort()
  const what = name === undefined ? 'no name was given' : `there is no Rollout "${name}"`
  throw new DevenvError('USAGE', `${what} in ${namespace}`, {
    fix: names.length > 0 ? `There are: ${names.join(', ')}.` : 'There are none.',
  })
}

/** Reads the Rollout's ReplicaSets, pods, AnalysisRuns and Experiments. */
export async function readObjects(client: KubeClient, rollout: KubeObject): Promise<RolloutObjects> {
  const { namespace } = rollout.metadata
  const where = namespace === undefined ? {} : { namespace }
  const [replicaSets, pods, analysisRuns, experiments] = await Promise.all([
    client.list(REPLICA_SETS, where),
    client.list(PODS, where),
    client.listIfServed(ANALYSIS_RUNS, where),
    client.listIfServed(EXPERIMENTS, where),
  ])
  return belonging(rollout, { replicaSets: replicaSets.items, pods: pods.items, analysisRuns, experiments })
}

/** Picks, by owner, what belongs to the Rollout. */
export function belonging(rollout: KubeObject, all: NamespaceObjects): RolloutObjects {
  const ownedBy = (owners: KubeObject[], objects: KubeObject[]) => {
    const uids = new Set(owners.map(({ metadata }) => metadata.uid))
    return objects.filter(({ metadata }) => (metadata.ownerReferences ?? []).some(({ uid }) => uids.has(uid)))
  }
  const replicaSets = ownedBy([rollout], all.replicaSets)
  const experiments = ownedBy([rollout], all.experiments)
  return {
    rollout,
    replicaSets,
    pods: ownedBy([...replicaSets, ...ownedBy(experiments, all.replicaSets)], all.pods),
    analysisRuns: ownedBy([rollout], all.analysisRuns),
    experiments: experiments.map((experiment) => ({
      experiment,
      replicaSets: ownedBy([experiment], all.replicaSets),
      analysisRuns: ownedBy([experiment], all.analysisRuns),
    })),
  }
}
