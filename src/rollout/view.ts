/** A Rollout as a tree: what `devenv rollout get` shows, and prints as JSON. */
import type { KubeObject } from '../lib/kube/object.ts'
import type { ExperimentObjects, RolloutObjects } from './find.ts'
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
  images: { image: string; tags: string[] }[]
  replicas: { desired: number; current: number; updated: number; ready: number; available: number }
  /** Newest first. */
  revisions: RevisionView[]
}

export type Tag = 'stable' | 'canary' | 'active' | 'preview'

export interface RevisionView {
  revision: number
  replicaSets: ReplicaSetView[]
  experiments: ExperimentView[]
  analysisRuns: AnalysisRunView[]
}

export interface ExperimentView {
  name: string
  state: string
  message: string
  createdAt: string
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
  /** That measured for it. */
  jobs: { name: string; state: string; startedAt: string }[]
}

export function rolloutView(objects: RolloutObjects): RolloutView {
  const { rollout } = objects
  const { metadata, spec, status = {} } = rollout
  const replicaSets = objects.replicaSets.map((replicaSet) => ({
    revision: revisionOf(replicaSet),
    view: replicaSetView(replicaSet, rollout, objects.pods),
  }))
  const runs = objects.analysisRuns.map((run) => ({ revision: revisionOf(run), view: analysisRunView(run) }))
  const experiments = objects.experiments.map((one) => ({
    revision: revisionOf(one.experiment),
    view: experimentView(one, objects),
  }))
  const nodes = [...replicaSets, ...runs, ...experiments]
  const revisions = [...new Set(nodes.map(({ revision }) => revision))]
  return {
    apiVersion: 'devenv/v1',
    kind: 'Rollout',
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    createdAt: metadata.creationTimestamp ?? '',
    ...phaseOf(rollout),
    strategy: spec.strategy?.blueGreen ? 'BlueGreen' : 'Canary',
    ...(spec.strategy?.canary ? { canary: canaryView(objects) } : {}),
    images: imagesOf([...replicaSets, ...experiments].map(({ view }) => view)),
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
        experiments: of(experiments, revision),
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

/** Images of ReplicaSets that have pods; those of an Experiment are marked with a Σ. */
function imagesOf(views: (ReplicaSetView | ExperimentView)[]): RolloutView['images'] {
  const tags = new Map<string, Set<string>>()
  const add = ({ images, replicas }: ReplicaSetView, own: string[]) => {
    for (const image of replicas > 0 ? images : [])
      tags.set(image, new Set([...(tags.get(image) ?? []), ...own]))
  }
  for (const view of views) {
    if ('images' in view) add(view, view.tags)
    else for (const one of view.replicaSets) add(one, [`Σ:${one.name.slice(view.name.length + 1)}`])
  }
  return [...tags].sort(([a], [b]) => (a < b ? -1 : 1)).map(([image, set]) => ({ image, tags: [...set] }))
}

function experimentView(
  { experiment, replicaSets, analysisRuns }: ExperimentObjects,
  { rollout, pods }: RolloutObjects,
): ExperimentView {
  const { metadata, status = {} } = experiment
  const byName = <T extends { name: string }>(views: T[]) => views.sort((a, b) => (a.name < b.name ? -1 : 1))
  return {
    name: metadata.name,
    state: status.phase ?? '',
    message: status.message ?? '',
    createdAt: metadata.creationTimestamp ?? '',
    replicaSets: byName(replicaSets.map((replicaSet) => replicaSetView(replicaSet, rollout, pods))),
    analysisRuns: byName(analysisRuns.map(analysisRunView)),
  }
}

function analysisRunView({ metadata, status = {} }: KubeObject): AnalysisRunView {
  const results: any[] = status.metricResults ?? []
  const sum = (field: string): number => results.reduce((total, result) => total + (result[field] ?? 0), 0)
  const measurements: any[] = results.flatMap((result) => result.measurements ?? [])
  return {
    name: metadata.name,
    state: status.phase ?? '',
    successful: sum('successful'),
    failed: sum('failed'),
    inconclusive: sum('inconclusive'),
    errors: sum('error'),
    createdAt: metadata.creationTimestamp ?? '',
    jobs: measurements
      .filter((measurement) => measurement.metadata?.['job-name'])
      .map((measurement) => ({
        name: measurement.metadata['job-name'],
        state: measurement.phase,
        startedAt: measurement.startedAt ?? '',
      })),
  }
}
