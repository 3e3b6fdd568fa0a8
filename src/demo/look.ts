/** What steps look at again and again: workers, the canary, the Application. Live objects in, facts out. */
import type { KubeObject } from '../lib/kube/object.ts'
import { APPLICATIONS } from '../release/release.ts'
import { belonging, PODS, REPLICA_SETS, ROLLOUTS } from '../rollout/find.ts'
import { type RolloutView, rolloutView } from '../rollout/view.ts'
import type { WorkerNow } from './assert/scaling.ts'
import { DEPLOYMENTS, type Stack } from './stack.ts'

type Live = {
  get(resource: string, namespace: string, name: string): KubeObject | undefined
  list(resource: string, namespace: string): KubeObject[]
}

/** Replicas of every worker; undefined until they are known. */
export function workersNow(live: Live, { workers, namespace }: Stack): WorkerNow[] | undefined {
  const found = workers.map(({ deployment, floor }) => {
    const object = live.get(DEPLOYMENTS, namespace, deployment)
    return object && { name: deployment, ...replicasOf(object), floor }
  })
  return found.every((one) => one !== undefined) ? (found as WorkerNow[]) : undefined
}

/** Of a Deployment. */
export function replicasOf({ spec, status }: KubeObject): {
  desired: number
  ready: number
  current: number
} {
  return { desired: spec?.replicas ?? 1, ready: status?.readyReplicas ?? 0, current: status?.replicas ?? 0 }
}

/** core-api's canary; undefined until it is known. */
export function canaryNow(live: Live, { namespace, rollout }: Stack): RolloutView | undefined {
  const object = live.get(ROLLOUTS, namespace, rollout)
  const replicaSets = live.list(REPLICA_SETS, namespace)
  const pods = live.list(PODS, namespace)
  return object && rolloutView(belonging(object, { replicaSets, pods, analysisRuns: [], experiments: [] }))
}

/** A version of the Rollout, by its tag. */
export interface VersionNow {
  tag: string
  stable: boolean
  replicas: number
  available: number
  ready: number
}

export function versionsOf(view: RolloutView): VersionNow[] {
  return view.revisions
    .flatMap(({ replicaSets }) => replicaSets)
    .map((one) => ({
      tag: tagOf(one.images[0] ?? ''),
      stable: one.tags.includes('stable'),
      replicas: one.replicas,
      available: one.available,
      ready: one.pods.filter(({ ready }) => /^([1-9]\d*)\/\1$/.test(ready)).length,
    }))
}

/** undefined until the ReplicaSets are known. */
export function stableTag(view: RolloutView): string | undefined {
  return versionsOf(view).find(({ stable }) => stable)?.tag
}

function tagOf(image: string): string {
  return image.split('/').at(-1)?.split(':')[1] ?? ''
}

/** The tag that runs while the stack is as git has it, or what keeps it from that. */
export function settledTag(live: Live, stack: Stack): { tag: string } | { missing: string } {
  const { application, rollout } = stack
  const app = live.get(APPLICATIONS, application.namespace, application.name)
  const view = canaryNow(live, stack)
  const missing = unsettled(application.name, rollout, app, view)
  if (missing !== undefined) return { missing }
  const tag = view && stableTag(view)
  return tag ? { tag } : { missing: `the ReplicaSets of ${rollout}` }
}

function unsettled(
  application: string,
  rollout: string,
  app: KubeObject | undefined,
  view: RolloutView | undefined,
): string | undefined {
  const { sync, health } = app?.status ?? {}
  if (view?.phase !== 'Healthy') return `Rollout ${rollout}: ${view?.phase ?? 'not seen yet'}`
  if (sync?.status !== 'Synced' || health?.status !== 'Healthy')
    return `Application ${application}: ${sync?.status ?? 'not seen yet'}, ${health?.status ?? 'no health yet'}`
  return undefined
}
