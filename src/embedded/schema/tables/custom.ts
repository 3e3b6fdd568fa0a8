/** Tables of custom kinds, from their additionalPrinterColumns. */
import type { KubeObject } from '../../objects.ts'
import type { PrinterColumn } from '../custom-type.ts'
import type { Table } from '../types.ts'
import { humanDuration } from './duration.ts'
import { findValues } from './json-path.ts'

const NAME_COLUMN = { name: 'Name', type: 'string', format: 'name', description: '', priority: 0 }

export function customTable(columns: PrinterColumn[], objects: KubeObject[], nowMs: number): Table {
  return {
    columnDefinitions: [
      NAME_COLUMN,
      ...columns.map(({ name, type, format = '', description = '', priority = 0 }) => ({
        name,
        type,
        format,
        description,
        priority,
      })),
    ],
    rows: objects.map((object) => [
      object.metadata.name,
      ...columns.map((column) => cell(column, object, nowMs)),
    ]),
  }
}

/** A missing value is null; one of another type than the column's is null too, but text columns take anything. */
function cell({ type, jsonPath }: PrinterColumn, object: KubeObject, nowMs: number): unknown {
  const values = findValues(jsonPath, object)
  const [value] = values
  if (value === undefined || value === null) return null
  switch (type) {
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null
    case 'number':
      return typeof value === 'number' ? value : null
    case 'boolean':
      return typeof value === 'boolean' ? value : null
    case 'date': {
      const time = typeof value === 'string' ? Date.parse(value) : Number.NaN
      return Number.isNaN(time) ? '<invalid>' : humanDuration(nowMs - time)
    }
    default:
      return values.map((each) => (typeof each === 'string' ? each : JSON.stringify(each))).join(' ')
  }
}
