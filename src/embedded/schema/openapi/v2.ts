/** The OpenAPI v2 document: the kinds and nothing more, for clients that only look whether it is there. */
import type { ResourceInfo } from '../types.ts'
import { KUBERNETES_VERSION } from './v3.ts'

/** A valid Swagger 2.0 document; kubectl reads v3, and v2 only as protobuf. */
export function openapiV2(infos: ResourceInfo[]): Record<string, unknown> {
  const definitions = Object.fromEntries(
    infos.map(({ group, version, kind }) => [
      [...(group ? group.split('.').reverse() : ['core']), version, kind].join('.'),
      { type: 'object', 'x-kubernetes-group-version-kind': [{ group, version, kind }] },
    ]),
  )
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version: KUBERNETES_VERSION },
    paths: {},
    definitions,
  }
}
