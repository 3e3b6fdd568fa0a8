/** Names, columns and subresources of the operators' kinds, as their own manifests have them. */
import type { PrinterColumn } from '../custom-type.ts'
import type { ScalePaths } from '../types.ts'
import { openPodSpec } from './rollouts.ts'

export interface Definition {
  /** Package of @kubernetes-models that declares the kind. */
  package: string
  group: string
  version: string
  kind: string
  plural: string
  shortNames: string[]
  categories?: string[]
  cluster?: true
  /** Status is a subresource. */
  status?: true
  scale?: ScalePaths
  columns: PrinterColumn[]
  selectableFields?: string[]
  /** Paths below the schema where anything is taken. */
  open?: string[]
}

const AGE = column('Age', '.metadata.creationTimestamp', 'date')

function column(name: string, jsonPath: string, type = 'string', priority?: number): PrinterColumn {
  return { name, jsonPath, type, ...(priority ? { priority } : {}) }
}

function condition(type: string, field = 'status', name = type): PrinterColumn {
  return column(name, `.status.conditions[?(@.type=="${type}")].${field}`)
}

const KEDA = { package: 'keda', group: 'keda.sh', version: 'v1alpha1', status: true } as const
const ROLLOUTS = { package: 'argo-rollouts', group: 'argoproj.io', version: 'v1alpha1' } as const
const JOB_PODS = openPodSpec('spec.metrics[].provider.job.spec.template.spec')
const ARGO_CD = { package: 'argo-cd', group: 'argoproj.io', version: 'v1alpha1' } as const
const SECRETS = {
  package: 'external-secrets',
  group: 'external-secrets.io',
  version: 'v1',
  status: true as const,
  categories: ['external-secrets'],
} satisfies Partial<Definition>

const AUTHENTICATION_COLUMNS = [
  column('PodIdentity', '.spec.podIdentity.provider'),
  column('Secret', '.spec.secretTargetRef[*].name'),
  column('Env', '.spec.env[*].name'),
  column('VaultAddress', '.spec.hashiCorpVault.address'),
  column('ScaledObjects', '.status.scaledobjects', 'string', 1),
  column('ScaledJobs', '.status.scaledjobs', 'string', 1),
]

const TRIGGER_COLUMNS = [
  column('Triggers', '.status.triggersTypes'),
  column('Authentications', '.status.authenticationsTypes'),
  AGE,
]

const REPLICA_BOUNDS = [
  column('Min', '.spec.minReplicaCount', 'integer'),
  column('Max', '.spec.maxReplicaCount', 'integer'),
]

const STORE_COLUMNS = [
  column('AGE', '.metadata.creationTimestamp', 'date'),
  condition('Ready', 'reason', 'Status'),
  column('Capabilities', '.status.capabilities'),
  condition('Ready'),
]

export const DEFINITIONS: Definition[] = [
  {
    ...KEDA,
    kind: 'ScaledObject',
    plural: 'scaledobjects',
    shortNames: ['so'],
    columns: [
      column('ScaleTargetKind', '.status.scaleTargetKind'),
      column('ScaleTargetName', '.spec.scaleTargetRef.name'),
      ...REPLICA_BOUNDS,
      ...['Ready', 'Active', 'Fallback', 'Paused'].map((type) => condition(type)),
      ...TRIGGER_COLUMNS,
    ],
  },
  {
    ...KEDA,
    kind: 'ScaledJob',
    plural: 'scaledjobs',
    shortNames: ['sj'],
    columns: [
      ...REPLICA_BOUNDS,
      ...['Ready', 'Active', 'Paused'].map((type) => condition(type)),
      ...TRIGGER_COLUMNS,
    ],
  },
  {
    ...KEDA,
    kind: 'TriggerAuthentication',
    plural: 'triggerauthentications',
    shortNames: ['ta', 'triggerauth'],
    columns: AUTHENTICATION_COLUMNS,
  },
  {
    ...KEDA,
    kind: 'ClusterTriggerAuthentication',
    plural: 'clustertriggerauthentications',
    shortNames: ['cta', 'clustertriggerauth'],
    cluster: true,
    columns: AUTHENTICATION_COLUMNS,
  },
  {
    ...ROLLOUTS,
    kind: 'Rollout',
    open: openPodSpec('spec.template.spec'),
    plural: 'rollouts',
    shortNames: ['ro'],
    status: true,
    scale: {
      specReplicasPath: '.spec.replicas',
      statusReplicasPath: '.status.HPAReplicas',
      labelSelectorPath: '.status.selector',
    },
    columns: [
      column('Desired', '.spec.replicas', 'integer'),
      column('Current', '.status.replicas', 'integer'),
      column('Up-to-date', '.status.updatedReplicas', 'integer'),
      column('Available', '.status.availableReplicas', 'integer'),
      AGE,
    ],
  },
  {
    ...ROLLOUTS,
    kind: 'AnalysisTemplate',
    open: JOB_PODS,
    plural: 'analysistemplates',
    shortNames: ['at'],
    columns: [AGE],
  },
  {
    ...ROLLOUTS,
    kind: 'ClusterAnalysisTemplate',
    open: JOB_PODS,
    plural: 'clusteranalysistemplates',
    shortNames: ['cat'],
    cluster: true,
    columns: [AGE],
  },
  {
    ...ROLLOUTS,
    kind: 'AnalysisRun',
    open: JOB_PODS,
    plural: 'analysisruns',
    shortNames: ['ar'],
    columns: [column('Status', '.status.phase'), AGE],
  },
  {
    ...ROLLOUTS,
    kind: 'Experiment',
    open: openPodSpec('spec.templates[].template.spec'),
    plural: 'experiments',
    shortNames: ['exp'],
    columns: [column('Status', '.status.phase'), AGE],
  },
  {
    ...ARGO_CD,
    kind: 'Application',
    plural: 'applications',
    shortNames: ['app', 'apps'],
    columns: [
      column('Sync Status', '.status.sync.status'),
      column('Health Status', '.status.health.status'),
      column('Revision', '.status.sync.revision', 'string', 10),
      column('Project', '.spec.project', 'string', 10),
    ],
  },
  { ...ARGO_CD, kind: 'AppProject', plural: 'appprojects', shortNames: ['appproj', 'appprojs'], columns: [] },
  {
    ...ARGO_CD,
    kind: 'ApplicationSet',
    plural: 'applicationsets',
    shortNames: ['appset', 'appsets'],
    status: true,
    columns: [],
  },
  {
    ...SECRETS,
    kind: 'ExternalSecret',
    plural: 'externalsecrets',
    shortNames: ['es'],
    columns: [
      column('StoreType', '.spec.secretStoreRef.kind'),
      column('Store', '.spec.secretStoreRef.name'),
      column('Refresh Interval', '.spec.refreshInterval'),
      condition('Ready', 'reason', 'Status'),
      condition('Ready'),
      column('Last Sync', '.status.refreshTime', 'date'),
    ],
    selectableFields: [
      '.spec.secretStoreRef.name',
      '.spec.secretStoreRef.kind',
      '.spec.target.name',
      '.spec.refreshInterval',
    ],
  },
  { ...SECRETS, kind: 'SecretStore', plural: 'secretstores', shortNames: ['ss'], columns: STORE_COLUMNS },
  {
    ...SECRETS,
    kind: 'ClusterSecretStore',
    plural: 'clustersecretstores',
    shortNames: ['css'],
    cluster: true,
    columns: STORE_COLUMNS,
  },
  {
    ...SECRETS,
    kind: 'ClusterExternalSecret',
    plural: 'clusterexternalsecrets',
    shortNames: ['ces'],
    cluster: true,
    columns: [
      column('Store', '.spec.externalSecretSpec.secretStoreRef.name'),
      column('Refresh Interval', '.spec.refreshTime'),
      condition('Ready'),
    ],
  },
  {
    ...SECRETS,
    version: 'v1alpha1',
    kind: 'PushSecret',
    plural: 'pushsecrets',
    shortNames: ['ps'],
    columns: [
      column('AGE', '.metadata.creationTimestamp', 'date'),
      condition('Ready', 'reason', 'Status'),
      column('Last Sync', '.status.refreshTime', 'date'),
    ],
  },
]
