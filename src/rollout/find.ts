/** Which Rollout a command is about, and the objects that belong to it. */
import { DevenvError } from '../lib/errors.ts'
import type { KubeClient } from '../lib/kube/client.ts'
import type { KubeObject, Resource } from '../lib/kube/object.ts'

export const ROLLOUTS: Resource = 'argoproj.io/v1alpha1/rollouts'
export const REPLICA_SETS: Resource = 'apps/v1/replicasets'
export const PODS: Resource = 'v1/pods'
export const ANALYSIS_RUNS: Resource = 'argoproj.io/v1alpha1/analysisruns'

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
  pods: KubeObject[]
  analysisRuns: KubeObject[]
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

/** Reads the Rollout's ReplicaSets, pods and AnalysisRuns. */
export async function readObjects(client: KubeClient, rollout: KubeObject): Promise<RolloutObjects> {
  const { namespace } = rollout.metadata
  const where = namespace === undefined ? {} : { namespace }
  const [replicaSets, pods, analysisRuns] = await Promise.all([
    client.list(REPLICA_SETS, where),
    client.list(PODS, where),
    client.listIfServed(ANALYSIS_RUNS, where),
  ])
  return { rollout, ...belonging(rollout, replicaSets.items, pods.items, analysisRuns) }
}

/** Picks, by owner, what belongs to the Rollout. */
export function belonging(
  rollout: KubeObject,
  replicaSets: KubeObject[],
  pods: KubeObject[],
  analysisRuns: KubeObject[],
): Omit<RolloutObjects, 'rollout'> {
  const ofRollout = (object: KubeObject) => isOwnedBy(object, new Set([rollout.metadata.uid]))
  const own = replicaSets.filter(ofRollout)
  const uids = new Set(own.map(({ metadata }) => metadata.uid))
  return {
    replicaSets: own,
    pods: pods.filter((pod) => isOwnedBy(pod, uids)),
    analysisRuns: analysisRuns.filter(ofRollout),
  }
}

function isOwnedBy({ metadata }: KubeObject, owners: Set<string | undefined>): boolean {
  return (metadata.ownerReferences ?? []).some(({ uid }) => owners.has(uid))
}
