/** Columns of built-in tables: a name, how kubectl shows it, and the cell it takes from an object. */
import type { KubeObject } from '../../objects.ts'
import { age } from './duration.ts'

export interface Column {
  name: string
  type: 'string' | 'integer' | 'boolean'
  /** 1: only with `-o wide`. */
  priority: number
  cell: (object: KubeObject, nowMs: number) => unknown
}

type Cell = Column['cell']

export function text(name: string, cell: Cell): Column {
  return { name, type: 'string', priority: 0, cell }
}

export function count(name: string, cell: Cell): Column {
  return { name, type: 'integer', priority: 0, cell }
}

/** The same column, shown only with `-o wide`. */
export function wide(column: Column): Column {
  return { ...column, priority: 1 }
}

export const NAME = text('Name', (object) => object.metadata.name)
export const AGE = text('Age', (object, now) => age(object.metadata.creationTimestamp, now))
export const CREATED_AT = text('Created At', (object) => object.metadata.creationTimestamp)

/** Containers and images of the pod spec that `spec` finds. */
export function containerColumns(spec: (object: KubeObject) => any): Column[] {
  const joined = (field: string) => (object: KubeObject) =>
    (spec(object)?.containers ?? []).map((container: any) => container[field]).join(',')
  return [wide(text('Containers', joined('name'))), wide(text('Images', joined('image')))]
}

export const TEMPLATE_CONTAINERS = containerColumns((object) => object.spec?.template?.spec)

export const SELECTOR = wide(text('Selector', (object) => selectorText(object.spec?.selector)))

/** `a=b,c=d` of a label map, `<none>` when empty. */
export function labelsText(labels: Record<string, string> | undefined): string {
  const parts = Object.entries(labels ?? {}).map(([name, value]) => `${name}=${value}`)
  return parts.sort().join(',') || '<none>'
}

/** A label selector as text: `a=b,c in (d,e),!f`. */
export function selectorText(selector: any): string {
  if (!selector) return '<none>'
  const parts = Object.entries(selector.matchLabels ?? {}).map(([name, value]) => `${name}=${value}`)
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    const list = `(${[...values].sort().join(',')})`
    if (operator === 'In') parts.push(`${key} in ${list}`)
    else if (operator === 'NotIn') parts.push(`${key} notin ${list}`)
    else parts.push(operator === 'Exists' ? key : `!${key}`)
  }
  return parts.sort().join(',') || '<none>'
}

/** `a,b,c + 2 more...`: at most three items. */
export function firstThree(items: string[]): string {
  if (!items.length) return '<none>'
  const shown = items.slice(0, 3).join(',')
  return items.length > 3 ? `${shown} + ${items.length - 3} more...` : shown
}
