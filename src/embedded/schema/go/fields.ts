/** How Go writes the fields of built-in types: their order, and which of them it leaves out when they are zero. */
import { definitionName } from '../declared/packages.ts'
import { declaringFile } from '../declared/schemas.ts'
import type { Schema } from '../schema.ts'
import {
  ADMISSIONREGISTRATION_V1,
  COORDINATION_V1,
  DISCOVERY_V1,
  NETWORKING_V1,
  NODE_V1,
  RBAC_V1,
  SCHEDULING_V1,
  STORAGE_V1,
} from './fields/cluster.ts'
import { CORE_V1 } from './fields/core.ts'
import { META_V1 } from './fields/meta.ts'
import { APPS_V1, AUTOSCALING_V1, AUTOSCALING_V2, BATCH_V1, POLICY_V1 } from './fields/workloads.ts'

/**
 * One line per struct of k8s.io/api 0.36: its name, then its fields, inlined ones included, in the order in which
 * they are written. `!`: written even when zero. `?`: a pointer, so that a zero value counts and only an absent
 * one is left out. Types that the server does not keep as protobuf (definitions, API services) are not listed.
 */
const TABLES: Record<string, string> = {
  'api.admissionregistration.v1': ADMISSIONREGISTRATION_V1,
  'api.apps.v1': APPS_V1,
  'api.autoscaling.v1': AUTOSCALING_V1,
  'api.autoscaling.v2': AUTOSCALING_V2,
  'api.batch.v1': BATCH_V1,
  'api.coordination.v1': COORDINATION_V1,
  'api.core.v1': CORE_V1,
  'api.discovery.v1': DISCOVERY_V1,
  'api.networking.v1': NETWORKING_V1,
  'api.node.v1': NODE_V1,
  'api.policy.v1': POLICY_V1,
  'api.rbac.v1': RBAC_V1,
  'api.scheduling.v1': SCHEDULING_V1,
  'api.storage.v1': STORAGE_V1,
  'apimachinery.pkg.apis.meta.v1': META_V1,
}

export interface GoField {
  name: string
  always: boolean
  pointer: boolean
}

let structs: Map<string, GoField[]> | undefined
const known = new WeakMap<Schema, GoField[] | undefined>()

/** The fields of the struct that `schema` describes; undefined for nodes that are no listed struct. */
export function goFields(schema: Schema): GoField[] | undefined {
  if (known.has(schema)) return known.get(schema)
  const file = schema.properties && declaringFile(schema)
  structs ??= new Map(Object.entries(TABLES).flatMap(([group, table]) => readTable(group, table)))
  const fields = file ? structs.get(definitionName(file).replace(/^io\.k8s\./, '')) : undefined
  known.set(schema, fields)
  return fields
}

function readTable(group: string, table: string): [string, GoField[]][] {
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const [name, ...fields] = line.split(' ')
      return [`${group}.${name}`, fields.map(readField)]
    })
}

function readField(text: string): GoField {
  const [, name = '', always, pointer] = /^(\w+)(!?)(\??)$/.exec(text) ?? []
  return { name, always: always === '!', pointer: pointer === '?' }
}
