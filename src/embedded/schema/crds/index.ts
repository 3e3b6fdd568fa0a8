/** CustomResourceDefinitions of the operators that the cluster has built in. */
import { join } from 'node:path'
import type { KubeObject } from '../../objects.ts'
import { packageFolder } from '../declared/packages.ts'
import { declaredSchema } from '../declared/schemas.ts'
import type { Schema } from '../schema.ts'
import { DEFINITIONS, type Definition } from './definitions.ts'
import { loosened } from './loosen.ts'
import { structural } from './structural.ts'

/**
 * The definitions, as a client would create them: without uid, resourceVersion and status. Their schemas share
 * nodes with each other, so they must be copied or written out, never changed.
 */
export function operatorCrds(): KubeObject[] {
  return DEFINITIONS.map(definitionObject)
}

function definitionObject(definition: Definition): KubeObject {
  const { group, kind, plural, shortNames, categories } = definition
  const metadata = { name: `${plural}.${group}` } as KubeObject['metadata']
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata,
    spec: {
      group,
      scope: definition.cluster ? 'Cluster' : 'Namespaced',
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular: kind.toLowerCase(),
        shortNames,
        ...(categories ? { categories } : {}),
      },
      conversion: { strategy: 'None' },
      versions: [versionObject(definition)],
    },
  }
}

function versionObject(definition: Definition): Record<string, unknown> {
  const { status, scale, columns, selectableFields = [] } = definition
  const subresources = { ...(status ? { status: {} } : {}), ...(scale ? { scale } : {}) }
  return {
    name: definition.version,
    served: true,
    storage: true,
    schema: { openAPIV3Schema: kindSchema(definition) },
    ...(Object.keys(subresources).length ? { subresources } : {}),
    ...(columns.length ? { additionalPrinterColumns: columns } : {}),
    ...(selectableFields.length
      ? { selectableFields: selectableFields.map((jsonPath) => ({ jsonPath })) }
      : {}),
  }
}

function kindSchema(definition: Definition): Schema {
  const folder = packageFolder(`@kubernetes-models/${definition.package}`)
  const file = join(folder, definition.group, definition.version, `${definition.kind}.d.ts`)
  const schema = (definition.open ?? []).reduce(loosened, structural(declaredSchema(file)))
  return { ...schema, properties: { ...schema.properties, metadata: { type: 'object' } } }
}
