/** The External Secrets objects as the controllers read them; their schema is the CRD. */
import type { KubeObject } from '../../objects.ts'

export interface SecretKeySelector {
  name?: string
  key?: string
  namespace?: string
}

export interface VaultAuth {
  tokenSecretRef?: SecretKeySelector
  appRole?: { path?: string; roleId?: string; roleRef?: SecretKeySelector; secretRef: SecretKeySelector }
  kubernetes?: {
    mountPath?: string
    role: string
    serviceAccountRef?: { name: string }
    secretRef?: SecretKeySelector
  }
  ldap?: { path?: string; username: string; secretRef?: SecretKeySelector }
  userPass?: { path?: string; username: string; secretRef?: SecretKeySelector }
  jwt?: { path?: string; role?: string; secretRef?: SecretKeySelector }
  cert?: unknown
  iam?: unknown
  gcp?: unknown
}

export interface VaultProvider {
  server: string
  path?: string
  version?: 'v1' | 'v2'
  namespace?: string
  auth?: VaultAuth
  /** Base64 of PEM. */
  caBundle?: string
  caProvider?: { type: 'Secret' | 'ConfigMap'; name: string; key?: string; namespace?: string }
  headers?: Record<string, string>
}

export interface StoreCondition {
  namespaceSelector?: Record<string, any>
  namespaces?: string[]
  namespaceRegexes?: string[]
}

export interface SecretStore extends KubeObject {
  spec: {
    controller?: string
    provider?: Record<string, any> & { vault?: VaultProvider }
    refreshInterval?: number | string
    conditions?: StoreCondition[]
  }
}

export interface RemoteRef {
  key: string
  property?: string
  version?: string
  metadataPolicy?: 'None' | 'Fetch'
  conversionStrategy?: 'Default' | 'Unicode'
  decodingStrategy?: Decoding
}

export type Decoding = 'None' | 'Base64' | 'Base64URL' | 'Auto'

export interface Find {
  path?: string
  name?: { regexp?: string }
  tags?: Record<string, string>
  conversionStrategy?: 'Default' | 'Unicode'
  decodingStrategy?: Decoding
}

export interface Rewrite {
  regexp?: { source: string; target: string }
  transform?: { template: string }
  merge?: {
    into?: string
    priority?: string[]
    priorityPolicy?: 'Strict' | 'IgnoreNotFound'
    conflictPolicy?: 'Error' | 'Ignore'
    strategy?: 'Extract' | 'JSON'
  }
}

export interface StoreRef {
  name: string
  kind?: string
}

export interface DataFrom {
  extract?: RemoteRef
  find?: Find
  rewrite?: Rewrite[]
  sourceRef?: { storeRef?: StoreRef; generatorRef?: unknown }
}

export interface DataItem {
  secretKey: string
  remoteRef: RemoteRef
  sourceRef?: { storeRef?: StoreRef; generatorRef?: unknown }
}

export interface TemplateFrom {
  target?: string
  literal?: string
  configMap?: TemplateSource
  secret?: TemplateSource
}

export interface TemplateSource {
  name: string
  items: { key: string; templateAs?: 'Values' | 'KeysAndValues' }[]
}

export interface Template {
  type?: string
  engineVersion?: string
  mergePolicy?: 'Replace' | 'Merge'
  metadata?: {
    labels?: Record<string, string>
    annotations?: Record<string, string>
    finalizers?: string[]
  }
  data?: Record<string, string>
  templateFrom?: TemplateFrom[]
}

type CreationPolicy = 'Owner' | 'Orphan' | 'Merge' | 'CreateOrMerge' | 'None'
type DeletionPolicy = 'Retain' | 'Delete' | 'Merge'

export interface ExternalSecret extends KubeObject {
  spec: {
    secretStoreRef?: StoreRef
    target?: {
      name?: string
      creationPolicy?: CreationPolicy
      deletionPolicy?: DeletionPolicy
      immutable?: boolean
      template?: Template
      manifest?: unknown
    }
    refreshInterval?: string
    refreshPolicy?: 'Periodic' | 'CreatedOnce' | 'OnChange'
    data?: DataItem[]
    dataFrom?: DataFrom[]
    syncWindows?: { kind: 'allow' | 'deny'; windows: { schedule: string; duration: string }[] }
  }
  status?: ExternalSecretStatus
}

export interface Condition {
  type: 'Ready'
  status: 'True' | 'False'
  reason: string
  message: string
  lastTransitionTime?: string
}

interface ExternalSecretStatus {
  refreshTime?: string
  syncedResourceVersion?: string
  conditions?: Condition[]
  binding?: { name: string }
}

/** A Secret's content, decoded. */
export type SecretData = Record<string, Buffer>
