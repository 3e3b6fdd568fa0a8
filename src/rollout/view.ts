/** A Rollout as a tree: what `devenv rollout get` shows, and prints as JSON. */
import type { KubeObject } from '../lib/kube/object.ts'
import type { RolloutObjects } from './find.ts'
import { hashOf, revisionOf } from './names.ts'
import { phaseOf } from './phase.ts'
import { type PodView, podView } from './pod-view.ts'
import { currentWeight } from './weight.ts'

export interface RolloutView {
  apiVersion: 'devenv/v1'
  kind: 'Rollout'
  name: string
  namespace: string
  createdAt: string
  phase: string
  message: string
  strategy: 'Canary' | 'BlueGreen'
  /** Canaries only. `step` counts the finished ones. */
  canary?: { step?: number; steps: number; setWeight: number; actualWeight: number }
  /** Of ReplicaSets that have pods. */
  images: { image: string; tags: Tag[] }[]
  replicas: { desired: number; current: number; updated: number; ready: number; available: number }
  /** Newest first. */
  revisions: RevisionView[]
}

export type Tag = 'stable' | 'canary' | 'active' | 'preview'

export interface RevisionView {
  revision: number
  replicaSets: ReplicaSetView[]
  analysisRuns: AnalysisRunView[]
}

export interface ReplicaSetView {
  name: string
  /** `Healthy`, `Progressing`, `ScaledDown` or `ReplicaFailure`. */
  state: string
  tags: Tag[]
  images: string[]
  replicas: number
  available: number
  /** RFC 3339: when it is scaled to 0. */
  scaleDownDeadline?: string
  createdAt: string
  pods: PodView[]
}

export interface AnalysisRunView {
  name: string
  state: string
  successful: number
  failed: number
  inconclusive: number
  errors: number
  createdAt: string
}

export function rolloutView(objects: RolloutObjects): RolloutView {
  const { rollout } = objects
  const { metadata, spec, status = {} } = rollout
  const replicaSets = objects.replicaSets.map((replicaSet) => ({
    revision: revisionOf(replicaSet),
    view: replicaSetView(replicaSet, rollout, objects.pods),
  }))
  const runs = objects.analysisRuns.map((run) => ({ revision: revisionOf(run), view: analysisRunView(run) }))
  const revisions = [...new Set([...replicaSets, ...runs].map(({ revision }) => revision))]
  return {
    apiVersion: 'devenv/v1',
    kind: 'Rollout',
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    createdAt: metadata.creationTimestamp ?? '',
    ...phaseOf(rollout),
    strategy: spec.strategy?.blueGreen ? 'BlueGreen' : 'Canary',
    ...(spec.strategy?.canary ? { canary: canaryView(objects) } : {}),
    images: imagesOf(replicaSets.map(({ view }) => view)),
    replicas: {
      desired: spec.replicas ?? 1,
      current: status.replicas ?? 0,
      updated: status.updatedReplicas ?? 0,
      ready: status.readyReplicas ?? 0,
      available: status.availableReplicas ?? 0,
    },
    revisions: revisions
      .sort((a, b) => b - a)
      .map((revision) => ({
        revision,
        replicaSets: of(replicaSets, revision),
        analysisRuns: of(runs, revision),
      })),
  }
}

function of<T extends { name: string }>(all: { revision: number; view: T }[], revision: number): T[] {
  const views = all.filter((one) => one.revision === revision).map(({ view }) => view)
  return views.sort((a, b) => (a.name < b.name ? -1 : 1))
}

function canaryView({ rollout, replicaSets }: RolloutObjects): NonNullable<RolloutView['canary']> {
  const { spec, status = {} } = rollout
  const steps: unknown[] = spec.strategy.canary.steps ?? []
  const index: number | undefined = steps.length > 0 ? status.currentStepIndex : undefined
  const canary = replicaSets.find((one) => hashOf(one) === status.currentPodHash)
  return {
    ...(index === undefined ? {} : { step: index }),
    steps: steps.length,
    ...currentWeight(rollout, canary),
  }
}

function replicaSetView(replicaSet: KubeObject, rollout: KubeObject, pods: KubeObject[]): ReplicaSetView {
  const { metadata, spec, status = {} } = replicaSet
  const deadline = metadata.annotations?.['scale-down-deadline']
  return {
    name: metadata.name,
    state: replicaSetState(replicaSet),
    tags: tagsOf(rollout, hashOf(replicaSet)),
    images: (spec.template.spec.containers as { image: string }[]).map(({ image }) => image),
    replicas: status.replicas ?? 0,
    available: status.availableReplicas ?? 0,
    ...(deadline ? { scaleDownDeadline: deadline } : {}),
    createdAt: metadata.creationTimestamp ?? '',
    pods: pods
      .filter((pod) => pod.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid))
      .map(podView)
      .sort((a, b) => a.createdAt.localeCompare(b.createdAt) || a.name.localeCompare(b.name)),
  }
}

function replicaSetState({ metadata, spec, status = {} }: KubeObject): string {
  if ((metadata.generation ?? 0) > (status.observedGeneration ?? 0)) return 'Progressing'
  const failure = status.conditions?.find((condition: any) => condition.type === 'ReplicaFailure')
  if (failure?.status === 'True') return 'ReplicaFailure'
  if ((status.availableReplicas ?? 0) < spec.replicas) return 'Progressing'
  return spec.replicas === 0 ? 'ScaledDown' : 'Healthy'
}

function tagsOf({ spec, status = {} }: KubeObject, hash: string | undefined): Tag[] {
  if (hash === undefined) return []
  const stable: Tag[] = status.stableRS === hash ? ['stable'] : []
  if (!spec.strategy?.blueGreen) {
    return stable.length === 0 && status.currentPodHash === hash ? ['canary'] : stable
  }
  const { activeSelector, previewSelector } = status.blueGreen ?? {}
  if (activeSelector === hash) return [...stable, 'active']
  return previewSelector === hash ? [...stable, 'preview'] : stable
}

function imagesOf(replicaSets: ReplicaSetView[]): RolloutView['images'] {
  const tags = new Map<string, Set<Tag>>()
  for (const replicaSet of replicaSets.filter(({ replicas }) => replicas > 0)) {
    for (const image of replicaSet.images) {
      tags.set(image, new Set([...(tags.get(image) ?? []), ...replicaSet.tags]))
    }
  }
  return [...tags]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([image, set]) => ({ image, tags: [...set].sort() }))
}

function analysisRunView({ metadata, status = {} }: KubeObject): AnalysisRunView {
  const results: Record<string, number>[] = status.metricResults ?? []
  const sum = (field: string) => results.reduce((total, result) => total + (result[field] ?? 0), 0)
  return {
    name: metadata.name,
    state: status.phase ?? '',
    successful: sum('successful'),
    failed: sum('failed'),
    inconclusive: sum('inconclusive'),
    errors: sum('error'),
    createdAt: metadata.creationTimestamp ?? '',
  }
}
