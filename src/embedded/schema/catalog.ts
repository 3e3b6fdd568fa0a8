/** The catalog: built-in types plus the custom ones registered so far, and what can be asked of each. */
import { createHash } from 'node:crypto'
import { ApiError } from '../errors.ts'
import type { KubeObject } from '../objects.ts'
import { builtinResources, builtinSchema } from './builtin/index.ts'
import { type CustomType, compareVersions, customTypes } from './custom-type.ts'
import { applyBuiltinDefaults } from './defaults/index.ts'
import { applySchemaDefaults } from './defaults/schema-defaults.ts'
import { goForm } from './go/form.ts'
import { mergeNode } from './merge/merge-node.ts'
import { openapiV2 } from './openapi/v2.ts'
import { documentPath, openapiDocument } from './openapi/v3.ts'
import { dropNulls, pruneUnknown } from './prune.ts'
import type { Schema } from './schema.ts'
import { customTable } from './tables/custom.ts'
import { builtinTable } from './tables/index.ts'
import type { Catalog, FieldError, MergeNode, ResourceInfo, Table } from './types.ts'
import { decodeError } from './validation/decode.ts'
import { validateObject } from './validation/index.ts'
import { structuralErrors } from './validation/structural-schema.ts'

/** Published with the OpenAPI hashes of built-in groups, so that client caches see a new release of this table. */
const BUILTIN_FINGERPRINT = 'v1.35'

/** A catalog of the built-in types. Schemas are read from the packages when a type is first used. */
export function createCatalog(): Catalog {
  return new SchemaCatalog()
}

class SchemaCatalog implements Catalog {
  readonly #builtin: ResourceInfo[]
  readonly #aggregated: ResourceInfo[]
  readonly #custom = new Map<string, CustomType[]>()
  readonly #documents = new Map<string, WeakRef<Record<string, unknown>>>()
  #resources: ResourceInfo[] = []
  #byPlural = new Map<string, ResourceInfo>()
  #types = new Map<ResourceInfo, CustomType>()
  #revision = 0

  constructor() {
    const { builtin, aggregated } = builtinResources()
    this.#builtin = builtin
    this.#aggregated = aggregated
    this.#index()
  }

  get revision(): number {
    return this.#revision
  }

  resources(): ResourceInfo[] {
    return this.#resources
  }

  find(group: string, version: string, plural: string): ResourceInfo | undefined {
    return this.#byPlural.get(`${group}/${version}/${plural}`)
  }

  findKind(group: string, version: string | undefined, kind: string): ResourceInfo | undefined {
    return this.#resources.find(
      (info) =>
        info.kind === kind && info.group === group && (version === undefined || info.version === version),
    )
  }

  prune(info: ResourceInfo, object: KubeObject): string[] {
    const schema = this.#schema(info)
    if (!info.custom) dropNulls(schema, object)
    return pruneUnknown(schema, object)
  }

  applyDefaults(info: ResourceInfo, object: KubeObject): void {
    if (info.custom) applySchemaDefaults(this.#schema(info), object)
    else applyBuiltinDefaults(info, object)
  }

  stored(info: ResourceInfo, object: KubeObject): KubeObject {
    return info.custom ? object : (goForm(this.#schema(info), object, { stored: true }) as KubeObject)
  }

  decodeError(info: ResourceInfo, object: KubeObject): string | undefined {
    return info.custom ? undefined : decodeError(info.kind, this.#schema(info), object)
  }

  validate(info: ResourceInfo, object: KubeObject, old?: KubeObject): FieldError[] {
    return validateObject(info, this.#schema(info), object, old)
  }

  mergeSchema(info: ResourceInfo): MergeNode {
    return mergeNode(this.#schema(info))
  }

  table(info: ResourceInfo, objects: KubeObject[], nowMs: number): Table {
    if (!info.custom) return builtinTable(info, objects, nowMs)
    return customTable(this.#type(info)?.columns ?? [], objects, nowMs)
  }

  openapiPaths(): Record<string, string> {
    const paths: Record<string, string> = {}
    const hashes = new Map<string, ReturnType<typeof createHash>>()
    for (const info of this.#resources) {
      const path = documentPath(info)
      const hash = hashes.get(path) ?? createHash('sha256').update(BUILTIN_FINGERPRINT + path)
      hash.update(this.#types.get(info)?.fingerprint ?? '')
      hashes.set(path, hash)
    }
    for (const [path, hash] of hashes) paths[path] = hash.digest('hex').toUpperCase()
    return paths
  }

  openapiV3(path: string): Record<string, unknown> | undefined {
    const infos = this.#resources.filter((info) => documentPath(info) === path)
    if (!infos.length) return undefined
    // Documents are large and seldom asked for twice: kept only while memory allows.
    const known = this.#documents.get(path)?.deref()
    if (known) return known
    const document = openapiDocument(infos, (info) => this.#schema(info))
    this.#documents.set(path, new WeakRef(document))
    return document
  }

  openapiV2(): Record<string, unknown> {
    return openapiV2(this.#resources)
  }

  setCustomResource(crd: KubeObject): void {
    const errors = crd.spec.versions.flatMap((version: any, position: number) =>
      structuralErrors(
        version.schema?.openAPIV3Schema ?? {},
        `spec.versions[${position}].schema.openAPIV3Schema`,
      ),
    )
    if (errors.length) {
      const { field, detail } = errors[0]
      throw new ApiError(
        422,
        'Invalid',
        `CustomResourceDefinition "${crd.metadata.name}" is invalid: ${field}: ${detail}`,
      )
    }
    const { uid, generation } = crd.metadata
    const content = uid ? `${uid}/${generation}` : JSON.stringify(crd.spec)
    this.#custom.set(crd.metadata.name, customTypes(crd, createHash('sha256').update(content).digest('hex')))
    this.#index()
  }

  removeCustomResource(crdName: string): void {
    if (this.#custom.delete(crdName)) this.#index()
  }

  #schema(info: ResourceInfo): Schema {
    return info.custom ? (this.#type(info)?.schema ?? {}) : builtinSchema(info)
  }

  /** Callers may hold an info from before a definition changed: then the present one of that name counts. */
  #type(info: ResourceInfo): CustomType | undefined {
    const current = this.find(info.group, info.version, info.plural)
    return current && this.#types.get(current)
  }

  #index(): void {
    const custom = [...this.#custom.values()].flat().sort(byGroup)
    this.#resources = [...this.#builtin, ...custom.map((type) => type.info), ...this.#aggregated]
    this.#byPlural = new Map(
      this.#resources.map((info) => [`${info.group}/${info.version}/${info.plural}`, info]),
    )
    this.#types = new Map(custom.map((type) => [type.info, type]))
    this.#documents.clear()
    this.#revision++
  }
}

/** Custom groups follow the built-in ones by name; within a group better versions come first. */
function byGroup(a: CustomType, b: CustomType): number {
  if (a.info.group !== b.info.group) return a.info.group < b.info.group ? -1 : 1
  return compareVersions(a.info.version, b.info.version)
}
