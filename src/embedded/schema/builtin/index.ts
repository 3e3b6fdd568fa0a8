/** Every built-in resource type with the schema of its kind. */
import { builtinFile } from '../declared/packages.ts'
import { declaredSchema, objectMetaSchema } from '../declared/schemas.ts'
import type { Schema } from '../schema.ts'
import type { ResourceInfo } from '../types.ts'
import { CORE } from './core.ts'
import { AGGREGATED, GROUPS } from './groups.ts'
import { resourceInfo } from './resource-line.ts'

/** Built-in types in discovery order; the aggregated ones apart, because custom groups come between. */
export function builtinResources(): { builtin: ResourceInfo[]; aggregated: ResourceInfo[] } {
  const infos = (groups: typeof GROUPS) =>
    groups.flatMap((each) => each.lines.map((line) => resourceInfo(each, line)))
  const aggregated = infos(AGGREGATED)
  // Discovery gives these irregular singulars.
  for (const info of aggregated)
    info.singular = info.group === 'metrics.k8s.io' ? info.plural.slice(0, -1) : ''
  return { builtin: infos([CORE, ...GROUPS]), aggregated }
}

/** Schema of a built-in kind, loaded from the packages when first asked for. */
export function builtinSchema(info: Pick<ResourceInfo, 'group' | 'version' | 'kind'>): Schema {
  if (info.group === 'metrics.k8s.io') return METRICS_SCHEMAS[info.kind] ?? {}
  if (info.group === 'external.metrics.k8s.io') return EXTERNAL_METRICS
  return declaredSchema(builtinFile(info.group, info.version, info.kind))
}

const QUANTITIES: Schema = {
  type: 'object',
  additionalProperties: { 'x-kubernetes-int-or-string': true, format: 'quantity' },
}

function metricsSchema(rest: Record<string, Schema>): Schema {
  return {
    type: 'object',
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      get metadata() {
        return objectMetaSchema()
      },
      timestamp: { type: 'string', format: 'date-time' },
      window: { type: 'string' },
      ...rest,
    },
    required: ['timestamp', 'window', ...Object.keys(rest)],
  }
}

const METRICS_SCHEMAS: Record<string, Schema> = {
  NodeMetrics: metricsSchema({ usage: QUANTITIES }),
  PodMetrics: metricsSchema({
    containers: {
      type: 'array',
      items: {
        type: 'object',
        properties: { name: { type: 'string' }, usage: QUANTITIES },
        required: ['name', 'usage'],
      },
    },
  }),
}

const EXTERNAL_METRICS: Schema = {
  type: 'object',
  properties: {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    items: { type: 'array', items: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
  },
}
