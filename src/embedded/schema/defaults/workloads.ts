/** Defaults of the kinds that make pods (pkg/apis/{apps,batch,core}/v1/defaults.go). */
import { fill, fillZero, type Loose, struct } from './fill.ts'
import { defaultPodSpec } from './pod.ts'

const BACKOFF_LIMIT = 6
/** Per-index limits replace the total one, which is then out of reach. */
const UNLIMITED = 2147483647

export function defaultDeployment(deployment: Loose): void {
  const spec = struct(deployment, 'spec')
  if (!spec) return
  fill(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600, strategy: {} })
  fillZero(spec.strategy, { type: 'RollingUpdate' })
  if (spec.strategy.type === 'RollingUpdate') {
    fill(spec.strategy, { rollingUpdate: {} })
    fill(spec.strategy.rollingUpdate, { maxUnavailable: '25%', maxSurge: '25%' })
  }
  defaultTemplate(spec)
}

export function defaultReplicaSet(set: Loose): void {
  const spec = struct(set, 'spec')
  if (!spec) return
  fill(spec, { replicas: 1 })
  defaultTemplate(spec)
}

export function defaultReplicationController(controller: Loose): void {
  const spec = struct(controller, 'spec')
  const labels = struct(struct(struct(spec, 'template'), 'metadata'), 'labels')
  if (spec && labels) fill(spec, { selector: { ...labels } })
  if (labels && !controller.metadata.labels) controller.metadata.labels = { ...labels }
  defaultReplicaSet(controller)
}

export function defaultStatefulSet(set: Loose): void {
  const spec = struct(set, 'spec')
  if (!spec) return
  fillZero(spec, { podManagementPolicy: 'OrderedReady' })
  fill(spec, {
    replicas: 1,
    revisionHistoryLimit: 10,
    updateStrategy: {},
    persistentVolumeClaimRetentionPolicy: {},
  })
  fillZero(spec.updateStrategy, { type: 'RollingUpdate' })
  if (spec.updateStrategy.type === 'RollingUpdate') {
    fill(spec.updateStrategy, { rollingUpdate: {} })
    fill(spec.updateStrategy.rollingUpdate, { partition: 0 })
  }
  fillZero(spec.persistentVolumeClaimRetentionPolicy, { whenDeleted: 'Retain', whenScaled: 'Retain' })
  for (const claim of Array.isArray(spec.volumeClaimTemplates) ? spec.volumeClaimTemplates : []) {
    fill(claim, { apiVersion: 'v1', kind: 'PersistentVolumeClaim', status: { phase: 'Pending' } })
    if (struct(claim, 'spec')) fill(claim.spec, { volumeMode: 'Filesystem' })
  }
  defaultTemplate(spec)
}

export function defaultDaemonSet(set: Loose): void {
  const spec = struct(set, 'spec')
  if (!spec) return
  fill(spec, { revisionHistoryLimit: 10, updateStrategy: {} })
  fillZero(spec.updateStrategy, { type: 'RollingUpdate' })
  if (spec.updateStrategy.type === 'RollingUpdate') {
    fill(spec.updateStrategy, { rollingUpdate: {} })
    fill(spec.updateStrategy.rollingUpdate, { maxUnavailable: 1, maxSurge: 0 })
  }
  defaultTemplate(spec)
}

export function defaultJob(job: Loose): void {
  defaultJobSpec(struct(job, 'spec'))
  const labels = struct(struct(struct(job.spec, 'template'), 'metadata'), 'labels')
  if (labels && !job.metadata.labels) job.metadata.labels = { ...labels }
}

export function defaultCronJob(cron: Loose): void {
  const spec = struct(cron, 'spec')
  if (!spec) return
  fillZero(spec, { concurrencyPolicy: 'Allow' })
  fill(spec, { suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 })
  // Only the pod template is defaulted here: the job's own defaults come when a Job is made of it.
  const job = struct(struct(spec, 'jobTemplate'), 'spec')
  if (job) defaultTemplate(job)
}

function defaultJobSpec(spec: Loose | undefined): void {
  if (!spec) return
  if (spec.completions === undefined && spec.parallelism === undefined)
    fill(spec, { completions: 1, parallelism: 1 })
  fill(spec, {
    parallelism: 1,
    backoffLimit: spec.backoffLimitPerIndex === undefined ? BACKOFF_LIMIT : UNLIMITED,
    completionMode: 'NonIndexed',
    suspend: false,
    manualSelector: false,
    podReplacementPolicy: spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed',
  })
  for (const rule of spec.podFailurePolicy?.rules ?? []) {
    for (const pattern of rule.onPodConditions ?? []) fillZero(pattern, { status: 'True' })
  }
  defaultTemplate(spec)
}

function defaultTemplate(spec: Loose): void {
  defaultPodSpec(struct(struct(spec, 'template'), 'spec'))
}
