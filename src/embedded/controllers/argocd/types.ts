/** The Argo CD objects as the controller reads and writes them; their schema is the CRD. */
import type { KubeObject, ObjectMeta } from '../../objects.ts'

export interface HelmParameter {
  name?: string
  value?: string
  forceString?: boolean
}

export interface HelmSource {
  releaseName?: string
  valueFiles?: string[]
  ignoreMissingValueFiles?: boolean
  values?: string
  valuesObject?: Record<string, unknown>
  parameters?: HelmParameter[]
  fileParameters?: { name?: string; path?: string }[]
  skipCrds?: boolean
  skipTests?: boolean
  skipSchemaValidation?: boolean
  namespace?: string
  kubeVersion?: string
  apiVersions?: string[]
}

export interface DirectorySource {
  recurse?: boolean
  include?: string
  exclude?: string
}

export interface ApplicationSource {
  repoURL: string
  path?: string
  targetRevision?: string
  chart?: string
  helm?: HelmSource
  directory?: DirectorySource
  kustomize?: Record<string, unknown>
  plugin?: Record<string, unknown>
  [field: string]: unknown
}

export interface Destination {
  server?: string
  name?: string
  namespace?: string
}

export interface IgnoreDifference {
  group?: string
  kind: string
  name?: string
  namespace?: string
  jsonPointers?: string[]
  jqPathExpressions?: string[]
  managedFieldsManagers?: string[]
}

export interface RetryStrategy {
  limit?: number
  refresh?: boolean
  backoff?: { duration?: string; factor?: number; maxDuration?: string }
}

export interface SyncPolicy {
  automated?: { prune?: boolean; selfHeal?: boolean; allowEmpty?: boolean; enabled?: boolean }
  syncOptions?: string[]
  retry?: RetryStrategy
  managedNamespaceMetadata?: { labels?: Record<string, string>; annotations?: Record<string, string> }
}

export interface ApplicationSpec {
  project: string
  source?: ApplicationSource
  sources?: ApplicationSource[]
  destination: Destination
  syncPolicy?: SyncPolicy
  ignoreDifferences?: IgnoreDifference[]
  revisionHistoryLimit?: number
}

export interface SyncOperationResource {
  group?: string
  kind: string
  name: string
  namespace?: string
}

export interface SyncOperation {
  revision?: string
  prune?: boolean
  dryRun?: boolean
  syncStrategy?: { apply?: { force?: boolean }; hook?: { force?: boolean } }
  resources?: SyncOperationResource[]
  source?: ApplicationSource
  syncOptions?: string[]
  autoHealAttemptsCount?: number
}

export interface Operation {
  sync?: SyncOperation
  initiatedBy?: { username?: string; automated?: boolean }
  retry?: RetryStrategy
}

export type OperationPhase = 'Running' | 'Terminating' | 'Failed' | 'Error' | 'Succeeded'
export type SyncPhase = 'PreSync' | 'Sync' | 'PostSync' | 'SyncFail'
export type ResultCode = 'Synced' | 'SyncFailed' | 'Pruned' | 'PruneSkipped'

/** A row of what a sync did: plain resources and hooks alike. */
export interface ResourceResult {
  group: string
  version: string
  kind: string
  namespace: string
  name: string
  status?: ResultCode
  message?: string
  hookType?: SyncPhase
  hookPhase?: OperationPhase
  syncPhase?: SyncPhase
  images?: string[]
}

export interface SyncResult {
  revision: string
  source?: ApplicationSource
  resources?: ResourceResult[]
}

export interface OperationState {
  operation: Operation
  phase: OperationPhase
  message?: string
  startedAt: string
  finishedAt?: string
  retryCount?: number
  syncResult?: SyncResult
}

export type SyncCode = 'Synced' | 'OutOfSync' | 'Unknown'
export type HealthCode = 'Healthy' | 'Suspended' | 'Progressing' | 'Missing' | 'Degraded' | 'Unknown'

export interface Health {
  status: HealthCode
  message?: string
}

export interface ResourceStatus {
  group?: string
  version: string
  kind: string
  namespace?: string
  name: string
  status?: SyncCode
  hook?: boolean
  requiresPruning?: boolean
  requiresDeletionConfirmation?: boolean
  syncWave?: number
}

export interface AppCondition {
  type: string
  message: string
  lastTransitionTime?: string
}

export interface HistoryEntry {
  id: number
  revision: string
  source?: ApplicationSource
  deployStartedAt?: string
  deployedAt: string
  initiatedBy?: { username?: string; automated?: boolean }
}

export interface ComparedTo {
  source?: ApplicationSource
  destination: Destination
  ignoreDifferences?: IgnoreDifference[]
}

export interface ApplicationStatus {
  sync?: { status: SyncCode; revision?: string; comparedTo?: ComparedTo }
  health?: { status?: HealthCode; lastTransitionTime?: string }
  resources?: ResourceStatus[]
  conditions?: AppCondition[]
  history?: HistoryEntry[]
  operationState?: OperationState
  reconciledAt?: string
  sourceType?: string
  summary?: { images?: string[]; externalURLs?: string[] }
  resourceHealthSource?: string
  controllerNamespace?: string
}

export interface Application extends KubeObject {
  metadata: ObjectMeta
  spec: ApplicationSpec
  status?: ApplicationStatus
  operation?: Operation
}

export interface GroupKindRule {
  group: string
  kind: string
}

export interface AppProject extends KubeObject {
  spec: {
    sourceRepos?: string[]
    destinations?: Destination[]
    clusterResourceWhitelist?: GroupKindRule[]
    clusterResourceBlacklist?: GroupKindRule[]
    namespaceResourceWhitelist?: GroupKindRule[]
    namespaceResourceBlacklist?: GroupKindRule[]
  }
}
