/** The catalog of resource types: what is served, and what each type's schema says. */
import type { KubeObject } from '../objects.ts'

export interface Subresource {
  /** `status`, `scale`, `log`, `eviction`… */
  name: string
  kind: string
  /** Group and version of the kind where they differ from the parent's. */
  group?: string
  version?: string
  verbs: string[]
}

export interface ScalePaths {
  specReplicasPath: string
  statusReplicasPath: string
  labelSelectorPath?: string
}

/** One served resource type in one version. */
export interface ResourceInfo {
  group: string
  version: string
  plural: string
  singular: string
  kind: string
  listKind: string
  shortNames: string[]
  categories: string[]
  namespaced: boolean
  verbs: string[]
  subresources: Subresource[]
  /** Set when the type has /scale. */
  scale?: ScalePaths
  /** True for types defined by a CustomResourceDefinition. */
  custom: boolean
  /** Whether metadata.generation is kept. */
  tracksGeneration: boolean
  /** Field selectors beside metadata.name and metadata.namespace: label → path in the object. */
  selectableFields: Record<string, string>
}

export interface FieldError {
  type:
    | 'Required'
    | 'Invalid'
    | 'TypeInvalid'
    | 'NotSupported'
    | 'Forbidden'
    | 'Duplicate'
    | 'NotFound'
    | 'TooLong'
    | 'TooMany'
  /** `spec.template.spec.containers[0].image`; '' for the root. */
  field: string
  detail: string
  badValue?: unknown
}

/** How a node of an object merges: strategic merge patch and server-side apply both read this. */
export interface MergeNode {
  properties?: Record<string, MergeNode>
  /** Schema of a map's values. */
  additionalProperties?: MergeNode
  items?: MergeNode
  /** Lists, for server-side apply. Absent: atomic. */
  listType?: 'atomic' | 'set' | 'map'
  listMapKeys?: string[]
  /** Objects, for server-side apply. Absent: granular. */
  mapType?: 'granular' | 'atomic'
  /** Strategic merge patch: `merge`, `replace`, `retainKeys`, comma-joined as upstream. */
  patchStrategy?: string
  patchMergeKey?: string
  /** Any content below is allowed and unknown to the schema. */
  preserveUnknown?: boolean
}

export interface TableColumn {
  name: string
  type: string
  format: string
  description: string
  priority: number
}

export interface Table {
  columnDefinitions: TableColumn[]
  /** One row of cells per object, in the objects' order. */
  rows: unknown[][]
}

export interface Catalog {
  /** Every served type, in discovery order (groups by RESTMapper priority, preferred version first). */
  resources(): ResourceInfo[]
  find(group: string, version: string, plural: string): ResourceInfo | undefined
  /** By kind; without version the preferred one. */
  findKind(group: string, version: string | undefined, kind: string): ResourceInfo | undefined
  /** Removes fields the schema does not know, in place; answers their paths (`spec.foo`). */
  prune(info: ResourceInfo, object: KubeObject): string[]
  /**
   * Applies defaults in place: schema defaults of CRDs, defaults.go of built-ins. The object is one
   * that `decodeError` has nothing to say of.
   */
  applyDefaults(info: ResourceInfo, object: KubeObject, nowMs: number): void
  /**
   * The object as the server keeps it: for built-in types in the form that Go gives them (no empty lists, canonical
   * quantities, fields in order), custom objects as they are.
   */
  stored(info: ResourceInfo, object: KubeObject): KubeObject
  /**
   * What Go's JSON decoder says of a value of the wrong JSON type in a built-in object, undefined when all fit:
   * `json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32`. The server
   * answers it as 400 before anything else is looked at; custom objects answer TypeInvalid errors of validate.
   */
  decodeError(info: ResourceInfo, object: KubeObject): string | undefined
  /** Schema and semantic checks of a decoded object. `old` on updates, for immutability and transition rules. */
  validate(info: ResourceInfo, object: KubeObject, old?: KubeObject): FieldError[]
  mergeSchema(info: ResourceInfo): MergeNode
  /** kubectl's columns; `nowMs` for ages. */
  table(info: ResourceInfo, objects: KubeObject[], nowMs: number): Table
  /** GET /openapi/v3: path (`apis/apps/v1`) → hash of the document. */
  openapiPaths(): Record<string, string>
  /** GET /openapi/v3/<path>, undefined when there is no such group version. */
  openapiV3(path: string): Record<string, unknown> | undefined
  /** GET /openapi/v2 as JSON. */
  openapiV2(): Record<string, unknown>
  /** Serves (or no longer serves) the versions of a CustomResourceDefinition. Throws ApiError 422 if not structural. */
  setCustomResource(crd: KubeObject): void
  removeCustomResource(crdName: string): void
  /** A number that rises whenever `resources()` changes: for ETags and caches. */
  readonly revision: number
}
