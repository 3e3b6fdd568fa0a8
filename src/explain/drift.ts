/** How an object differs from what was synced last, and who changed it: from its own annotation and field managers. */
import type { KubeObject } from '../lib/kube/object.ts'
import { numericValueOrNaN } from '../lib/quantity.ts'

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'
const LENGTH = 60

export interface Difference {
  /** `data.LOG_LEVEL`, `spec.template.spec.containers[main].image`. */
  path: string
  /** As it was synced, and as it is; undefined: it is not there, or may not be shown. */
  synced?: string
  here?: string
  /** The field manager that wrote it last, other than Argo CD. */
  by?: string
}

type Path = (string | number)[]

/**
 * What is not as it was synced last; undefined when the object does not tell (server-side apply leaves no copy).
 * Nothing but equal fields means that git has moved on. Values of Secrets are left out.
 */
export function driftOf(live: KubeObject): Difference[] | undefined {
  const text = live.metadata.annotations?.[LAST_APPLIED]
  if (!text) return undefined
  let applied: KubeObject
  try {
    applied = JSON.parse(text) as KubeObject
  } catch {
    return undefined
  }
  const { metadata, ...body } = applied
  const wanted = { metadata: { labels: metadata?.labels }, ...body, status: undefined }
  return differences(wanted, live, []).map(({ path, synced, here }) => ({
    path: pathText(path),
    ...(live.kind === 'Secret' ? {} : { synced: shown(synced), here: shown(here) }),
    ...writer(live, path),
  }))
}

interface Raw {
  path: Path
  synced: unknown
  here: unknown
}

/** Fields that only the live object has are the defaults and other writers' business. */
function differences(synced: unknown, here: unknown, path: Path): Raw[] {
  if (synced === undefined || synced === null) return []
  // The server keeps no zero values and no empty lists.
  if (here === undefined && isZero(synced)) return []
  if (Array.isArray(synced)) return listDifferences(synced, here, path)
  if (typeof synced === 'object') {
    if (typeof here !== 'object' || here === null) {
      return Object.keys(synced).length === 0 ? [] : [{ path, synced, here }]
    }
    return Object.entries(synced).flatMap(([key, value]) =>
      differences(value, (here as Record<string, unknown>)[key], [...path, key]),
    )
  }
  return same(synced, here) ? [] : [{ path, synced, here }]
}

function isZero(value: unknown): boolean {
  return value === '' || value === 0 || value === false || (Array.isArray(value) && value.length === 0)
}

function listDifferences(synced: unknown[], here: unknown, path: Path): Raw[] {
  if (!Array.isArray(here) || (synced.length !== here.length && !synced.every(nameOf))) {
    return [{ path, synced, here }]
  }
  return synced.flatMap((item, index) => {
    const name = nameOf(item)
    const other = name === undefined ? here[index] : here.find((one) => nameOf(one) === name)
    return differences(item, other, [...path, name === undefined ? index : `[${name}]`])
  })
}

function nameOf(item: unknown): string | undefined {
  return typeof item === 'object' && item !== null && 'name' in item ? String(item.name) : undefined
}

/** `1` and `1000m` are the same quantity. */
function same(one: unknown, other: unknown): boolean {
  if (String(one) === String(other)) return true
  return numericValueOrNaN(one) === numericValueOrNaN(other)
}

function pathText(path: Path): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : part))
    .join('.')
    .replaceAll('.[', '[')
}

function shown(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > LENGTH ? `${text.slice(0, LENGTH - 1)}…` : text
}

/** The newest manager that owns the field, unless that is Argo CD itself. */
function writer({ metadata }: KubeObject, path: Path): { by?: string } {
  const entries = (metadata.managedFields ?? []) as { manager?: string; time?: string; fieldsV1?: unknown }[]
  const owners = entries
    .filter(({ manager = '', fieldsV1 }) => !manager.startsWith('argocd') && owns(fieldsV1, path))
    .sort((a, b) => (a.time ?? '').localeCompare(b.time ?? ''))
  const by = owners.at(-1)?.manager
  return by === undefined ? {} : { by }
}

function owns(fields: unknown, path: Path): boolean {
  let at = fields as Record<string, unknown> | undefined
  for (const part of path) {
    if (at === undefined) return false
    const name = /^\[(.*)\]$/.exec(String(part))?.[1]
    // List items are keyed by their merge keys: `k:{"name":"main"}`. Atomic lists belong to their owner as one.
    const key =
      name === undefined
        ? `f:${part}`
        : Object.keys(at).find(
            (one) => one.startsWith('k:') && one.includes(`"name":${JSON.stringify(name)}`),
          )
    if (key === undefined || !(key in at)) return typeof part === 'number' || name !== undefined
    at = at[key] as Record<string, unknown> | undefined
  }
  return true
}
