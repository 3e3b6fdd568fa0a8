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
  /** Name by which value files of other sources reach this one's repository: `$name/path`. */
  ref?: string
  name?: string
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
  revisions?: string[]
  prune?: boolean
  dryRun?: boolean
  syncStrategy?: { apply?: { force?: boolean }; hook?: { force?: boolean } }
  resources?: SyncOperationResource[]
  source?: ApplicationSource
  sources?: ApplicationSource[]
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

/** What was read: one source at a revision, or several, each at its own. */
export interface SourceState {
  revision?: string
  revisions?: string[]
  source?: ApplicationSource
  sources?: ApplicationSource[]
}

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

export interface SyncResult extends SourceState {
  resources?: ResourceResult[]
  /** What the destination's namespace was given. */
  managedNamespaceMetadata?: SyncPolicy['managedNamespaceMetadata']
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

export interface HistoryEntry extends SourceState {
  id: number
  deployStartedAt?: string
  deployedAt: string
  initiatedBy?: { username?: string; automated?: boolean }
}

export interface ComparedTo {
  source?: ApplicationSource
  sources?: ApplicationSource[]
  destination: Destination
  ignoreDifferences?: IgnoreDifference[]
}

export interface ApplicationStatus {
  sync?: { status: SyncCode; revision?: string; revisions?: string[]; comparedTo?: ComparedTo }
  health?: { status?: HealthCode; lastTransitionTime?: string }
  resources?: ResourceStatus[]
  conditions?: AppCondition[]
  history?: HistoryEntry[]
  operationState?: OperationState
  reconciledAt?: string
  sourceType?: string
  sourceTypes?: string[]
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

/** A window of a project: Applications may sync in it, or may not. */
export interface SyncWindow {
  kind?: 'allow' | 'deny'
  /** Cron, five fields. */
  schedule?: string
  /** As Go writes it: `1h30m`. */
  duration?: string
  timeZone?: string
  applications?: string[]
  namespaces?: string[]
  clusters?: string[]
  /** Also by hand. */
  manualSync?: boolean
  /** What began when it was permitted may end. */
  syncOverrun?: boolean
  andOperator?: boolean
}

export interface OrphanedResources {
  warn?: boolean
  ignore?: { group?: string; kind?: string; name?: string }[]
}

export interface AppProject extends KubeObject {
  spec: {
    syncWindows?: SyncWindow[]
    orphanedResources?: OrphanedResources
    sourceRepos?: string[]
    destinations?: Destination[]
    clusterResourceWhitelist?: GroupKindRule[]
    clusterResourceBlacklist?: GroupKindRule[]
    namespaceResourceWhitelist?: GroupKindRule[]
    namespaceResourceBlacklist?: GroupKindRule[]
  }
}
