/** kubectl's columns of nodes, events, storage, access rules and the rest of the cluster's own kinds. */
import type { KubeObject } from '../../objects.ts'
import { AGE, type Column, count, NAME, text, wide } from './column.ts'
import { age } from './duration.ts'

const ROLE_LABEL = 'node-role.kubernetes.io/'

export const NODES: Column[] = [
  NAME,
  text('Status', nodeStatus),
  text('Roles', nodeRoles),
  AGE,
  text('Version', ({ status }) => status?.nodeInfo?.kubeletVersion ?? ''),
  wide(text('Internal-IP', (node) => nodeAddress(node, 'InternalIP'))),
  wide(text('External-IP', (node) => nodeAddress(node, 'ExternalIP'))),
  wide(text('OS-Image', ({ status }) => status?.nodeInfo?.osImage || '<unknown>')),
  wide(text('Kernel-Version', ({ status }) => status?.nodeInfo?.kernelVersion || '<unknown>')),
  wide(text('Container-Runtime', ({ status }) => status?.nodeInfo?.containerRuntimeVersion || '<unknown>')),
]

function nodeStatus(node: KubeObject): string {
  const ready = (node.status?.conditions ?? []).find((each: any) => each.type === 'Ready')
  const words = [ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown']
  if (node.spec?.unschedulable) words.push('SchedulingDisabled')
  return words.join(',')
}

function nodeRoles({ metadata }: KubeObject): string {
  const roles = Object.entries(metadata.labels ?? {}).flatMap(([name, value]) => {
    if (name.startsWith(ROLE_LABEL) && name.length > ROLE_LABEL.length) return [name.slice(ROLE_LABEL.length)]
    return name === 'kubernetes.io/role' && value ? [value] : []
  })
  return [...new Set(roles)].sort().join(',') || '<none>'
}

function nodeAddress(node: KubeObject, type: string): string {
  return (node.status?.addresses ?? []).find((each: any) => each.type === type)?.address ?? '<none>'
}

/** Both shapes of an event: that of the core group and that of events.k8s.io. */
export const EVENTS: Column[] = [
  text('Last Seen', (event, now) => age(lastSeen(event), now)),
  text('Type', (event) => event.type),
  text('Reason', (event) => event.reason),
  text('Object', (event) => {
    const { kind = '', name } = event.involvedObject ?? event.regarding ?? {}
    return name ? `${kind.toLowerCase()}/${name}` : kind.toLowerCase()
  }),
  wide(text('Subobject', (event) => (event.involvedObject ?? event.regarding)?.fieldPath ?? '')),
  wide(text('Source', eventSource)),
  text('Message', (event) => (event.message ?? event.note ?? '').trim()),
  wide(text('First Seen', (event, now) => age(firstSeen(event), now))),
  wide(count('Count', (event) => event.series?.count ?? (event.count || event.deprecatedCount || 1))),
  wide(NAME),
]

function firstSeen(event: KubeObject): string | undefined {
  return event.firstTimestamp ?? event.deprecatedFirstTimestamp ?? event.eventTime
}

function lastSeen(event: KubeObject): string | undefined {
  return (
    event.series?.lastObservedTime ?? event.lastTimestamp ?? event.deprecatedLastTimestamp ?? firstSeen(event)
  )
}

function eventSource(event: KubeObject): string {
  const source = event.source ?? event.deprecatedSource ?? {}
  const component = source.component || event.reportingComponent || event.reportingController || ''
  const host = source.host || event.reportingInstance
  return host ? `${component}, ${host}` : component
}

export const NAMESPACES: Column[] = [NAME, text('Status', ({ status }) => status?.phase ?? ''), AGE]

const entries = (object: KubeObject, ...fields: string[]) =>
  fields.reduce((total, field) => total + Object.keys(object[field] ?? {}).length, 0)

export const CONFIG_MAPS: Column[] = [NAME, count('Data', (map) => entries(map, 'data', 'binaryData')), AGE]

export const SECRETS: Column[] = [
  NAME,
  text('Type', (secret) => secret.type),
  count('Data', (secret) => entries(secret, 'data')),
  AGE,
]

export const SERVICE_ACCOUNTS: Column[] = [NAME, count('Secrets', ({ secrets }) => secrets?.length ?? 0), AGE]

export const LEASES: Column[] = [NAME, text('Holder', ({ spec }) => spec?.holderIdentity ?? ''), AGE]

export const API_SERVICES: Column[] = [
  NAME,
  text('Service', ({ spec }) => (spec?.service ? `${spec.service.namespace}/${spec.service.name}` : 'Local')),
  text('Available', ({ status }) => {
    const available = (status?.conditions ?? []).find((each: any) => each.type === 'Available')
    if (!available) return 'Unknown'
    return available.status === 'True' || !available.reason
      ? available.status
      : `${available.status} (${available.reason})`
  }),
  AGE,
]

export const ROLE_BINDINGS: Column[] = [
  NAME,
  text('Role', ({ roleRef }) => `${roleRef?.kind}/${roleRef?.name}`),
  AGE,
  wide(text('Users', (binding) => subjects(binding, 'User'))),
  wide(text('Groups', (binding) => subjects(binding, 'Group'))),
  wide(text('ServiceAccounts', (binding) => subjects(binding, 'ServiceAccount'))),
]

function subjects(binding: KubeObject, kind: string): string {
  return (binding.subjects ?? [])
    .filter((subject: any) => subject.kind === kind)
    .map(({ namespace, name }: any) => (kind === 'ServiceAccount' ? `${namespace ?? ''}/${name}` : name))
    .join(', ')
}

export const PRIORITY_CLASSES: Column[] = [
  NAME,
  count('Value', ({ value }) => value),
  {
    name: 'Global-Default',
    type: 'boolean',
    priority: 0,
    cell: ({ globalDefault }) => globalDefault ?? false,
  },
  AGE,
  text('PreemptionPolicy', ({ preemptionPolicy }) => preemptionPolicy ?? 'PreemptLowerPriority'),
]

export const WEBHOOK_CONFIGURATIONS: Column[] = [
  NAME,
  count('Webhooks', ({ webhooks }) => webhooks?.length ?? 0),
  AGE,
]

export const RUNTIME_CLASSES: Column[] = [NAME, text('Handler', ({ handler }) => handler), AGE]

export const QUOTAS: Column[] = [
  NAME,
  text('Request', (quota) => used(quota, (name) => !name.startsWith('limits.'))),
  text('Limit', (quota) => used(quota, (name) => name.startsWith('limits.'))),
  AGE,
]

function used({ status }: KubeObject, wanted: (name: string) => boolean): string {
  return Object.keys(status?.hard ?? {})
    .filter(wanted)
    .sort()
    .map((name) => `${name}: ${status.used?.[name] ?? 0}/${status.hard[name]}`)
    .join(', ')
}
