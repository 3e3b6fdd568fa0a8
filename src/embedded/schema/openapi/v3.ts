/** OpenAPI v3 documents, one per group version: what kubectl explain, apply and validation read. */
import { declaringFile } from '../declared/schemas.ts'
import type { Schema } from '../schema.ts'
import type { ResourceInfo } from '../types.ts'
import { Components } from './components.ts'
import { groupVersionRoot, resourcePaths } from './paths.ts'

/** The version that documents are published for. */
export const KUBERNETES_VERSION = 'v1.35.0'

/** Where the document of a type's group version is found below /openapi/v3: `api/v1`, `apis/apps/v1`. */
export function documentPath(info: Pick<ResourceInfo, 'group' | 'version'>): string {
  return groupVersionRoot(info).slice(1)
}

/** The document of one group version, whose served types are `infos`. */
export function openapiDocument(
  infos: ResourceInfo[],
  schemaOf: (info: ResourceInfo) => Schema,
): Record<string, unknown> {
  const components = new Components()
  const paths: Record<string, unknown> = {}
  for (const info of infos) {
    Object.assign(paths, resourcePaths(info, kindReference(components, info, schemaOf(info))))
  }
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: KUBERNETES_VERSION },
    paths,
    components: { schemas: components.schemas },
  }
}

function kindReference(components: Components, info: ResourceInfo, schema: Schema): Record<string, unknown> {
  const { group, version, kind } = info
  const file = declaringFile(schema)
  const kinds = { 'x-kubernetes-group-version-kind': [{ group, version, kind }] }
  if (file) {
    const reference = components.reference(schema, file)
    Object.assign(components.schemas[String(reference.$ref).split('/').at(-1)!]!, kinds)
    return reference
  }
  const fields = Object.values(info.selectableFields).map((fieldPath) => ({ fieldPath }))
  const name = `${group.split('.').reverse().join('.')}.${version}.${kind}`
  return components.add(name, schema, {
    ...kinds,
    ...(fields.length ? { 'x-kubernetes-selectable-fields': fields } : {}),
  })
}
