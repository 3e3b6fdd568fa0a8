/** One served version of a CustomResourceDefinition, as the catalog keeps it. */
import type { KubeObject } from '../objects.ts'
import { ALL_VERBS } from './builtin/resource-line.ts'
import { objectMetaSchema } from './declared/schemas.ts'
import type { Schema } from './schema.ts'
import type { ResourceInfo, Subresource } from './types.ts'

export interface PrinterColumn {
  name: string
  type: string
  jsonPath: string
  format?: string
  description?: string
  priority?: number
}

export interface CustomType {
  info: ResourceInfo
  /** Schema of whole objects: the definition's, with apiVersion, kind and metadata as every object has them. */
  schema: Schema
  columns: PrinterColumn[]
  /** Changes with the definition: for the hash of the OpenAPI document. */
  fingerprint: string
}

const STATUS_VERBS = ['get', 'patch', 'update']

/** The served versions of `crd`, best version first. */
export function customTypes(crd: KubeObject, fingerprint: string): CustomType[] {
  const versions: Record<string, any>[] = crd.spec.versions
  return versions
    .filter((version) => version.served)
    .sort((a, b) => compareVersions(a.name, b.name))
    .map((version) => ({
      info: customInfo(crd, version),
      schema: wholeObject(
        version.schema?.openAPIV3Schema ?? { 'x-kubernetes-preserve-unknown-fields': true },
      ),
      columns: version.additionalPrinterColumns ?? [
        { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
      ],
      fingerprint,
    }))
}

function customInfo(crd: KubeObject, version: Record<string, any>): ResourceInfo {
  const { names, group, scope } = crd.spec
  const subresources: Subresource[] = []
  const scale = version.subresources?.scale
  if (scale) {
    subresources.push({
      name: 'scale',
      kind: 'Scale',
      group: 'autoscaling',
      version: 'v1',
      verbs: STATUS_VERBS,
    })
  }
  if (version.subresources?.status)
    subresources.push({ name: 'status', kind: names.kind, verbs: STATUS_VERBS })
  const fields: { jsonPath: string }[] = version.selectableFields ?? []
  return {
    group,
    version: version.name,
    plural: names.plural,
    singular: names.singular ?? names.kind.toLowerCase(),
    kind: names.kind,
    listKind: names.listKind ?? `${names.kind}List`,
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    namespaced: scope === 'Namespaced',
    verbs: ALL_VERBS,
    subresources,
    ...(scale ? { scale } : {}),
    custom: true,
    tracksGeneration: true,
    selectableFields: Object.fromEntries(
      fields.map(({ jsonPath }) => [jsonPath.replace(/^\./, ''), jsonPath.replace(/^\./, '')]),
    ),
  }
}

function wholeObject(schema: Schema): Schema {
  return {
    ...schema,
    properties: {
      ...schema.properties,
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      // A getter: registering a definition must not load the packages.
      get metadata() {
        return objectMetaSchema()
      },
    },
  }
}

/**
 * Kubernetes' order of versions, best first: v2 before v1, then betas, then alphas, then other names
 * alphabetically (apimachinery pkg/version CompareKubeAwareVersionStrings).
 */
export function compareVersions(a: string, b: string): number {
  const left = rank(a)
  const right = rank(b)
  for (let i = 0; i < left.length; i++) {
    if (left[i] !== right[i]) return right[i]! - left[i]!
  }
  return a < b ? -1 : a > b ? 1 : 0
}

function rank(version: string): number[] {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version)
  if (!match) return [0, 0, 0]
  const stability = match[2] === 'alpha' ? 1 : match[2] === 'beta' ? 2 : 3
  return [stability, Number(match[1]), Number(match[3] ?? 0)]
}
