/** Values: reading values files and merging them, a chart's defaults and globals included. */

import { unmarshalYaml, YamlProblem } from '../funcs/helm.ts'
import { sprintf } from '../go/format.ts'
import { deepCopy } from '../go/plain.ts'
import type { GoMap } from '../go/value.ts'
import { chartError } from './error.ts'
import type { Chart } from './types.ts'

const GLOBAL = 'global'

/** A values file. `context` begins the error message. */
export function parseValues(text: string, context: string): GoMap {
  try {
    const value = unmarshalYaml(text) ?? new Map()
    if (value instanceof Map) return value
    throw chartError(`${context}: error unmarshaling JSON: not a map`)
  } catch (error) {
    if (error instanceof YamlProblem) throw chartError(`${context}: ${error.message}`, error)
    throw error
  }
}

/** Lays one set of values over another, as further -f files are; neither is changed. */
export function overlay(base: GoMap, top: GoMap): GoMap {
  const out = new Map(base)
  for (const [key, value] of top) {
    const current = out.get(key)
    out.set(key, value instanceof Map && current instanceof Map ? overlay(current, value) : value)
  }
  return out
}

/** The values under a dotted path of maps; undefined where there is no map. */
export function tableAt(values: GoMap, path: string): GoMap | undefined {
  let at: unknown = values
  for (const key of path.split('.')) {
    if (!(at instanceof Map)) return undefined
    at = at.get(key)
  }
  return at instanceof Map ? at : undefined
}

/** Completes the values with the chart's and its subcharts' defaults. A null removes the default's key. */
export function coalesceValues(chart: Chart, values: GoMap): GoMap {
  return coalesce(chart, deepCopy(values) as GoMap, false)
}

/** As coalesceValues, but nulls stay, for a later merge to act on. */
export function mergeChartValues(chart: Chart, values: GoMap): GoMap {
  return coalesce(chart, deepCopy(values) as GoMap, true)
}

function coalesce(chart: Chart, target: GoMap, keepNulls: boolean): GoMap {
  addDefaults(chart, target, keepNulls)
  for (const subchart of chart.dependencies) {
    const { name } = subchart.metadata
    const own = target.get(name)
    if (!target.has(name)) target.set(name, new Map())
    else if (!(own instanceof Map)) throw chartError(`type mismatch on ${name}: ${sprintf('%t', [own])}`)
    const table = target.get(name) as GoMap
    passGlobals(table, target)
    coalesce(subchart, table, keepNulls)
  }
  return target
}

function addDefaults(chart: Chart, target: GoMap, keepNulls: boolean): void {
  const isSubchart = (key: string) => chart.dependencies.some((child) => child.metadata.name === key)
  for (const [key, value] of deepCopy(chart.values) as GoMap) {
    if (!target.has(key)) {
      target.set(key, value)
      continue
    }
    const current = target.get(key)
    if (current === null && !keepNulls) target.delete(key)
    else if (current instanceof Map && value instanceof Map) {
      // What a subchart's nulls remove is for the subchart's own defaults to say.
      coalesceTables(current, value, isSubchart(key) || keepNulls)
    }
  }
}

/** Adds what the target lacks. Without `keepNulls`, a null in the target removes the key. */
export function coalesceTables(target: GoMap, source: GoMap, keepNulls: boolean): GoMap {
  for (const [key, value] of source) {
    const current = target.get(key)
    if (target.has(key) && current === null && !keepNulls) target.delete(key)
    else if (!target.has(key)) target.set(key, value)
    else if (value instanceof Map && current instanceof Map) coalesceTables(current, value, keepNulls)
  }
  return target
}

/** Hands a chart's globals down to a subchart, over the subchart's own. */
function passGlobals(target: GoMap, source: GoMap): void {
  const own = target.has(GLOBAL) ? target.get(GLOBAL) : new Map()
  const given = source.has(GLOBAL) ? source.get(GLOBAL) : new Map()
  if (!(own instanceof Map) || !(given instanceof Map)) return
  for (const [key, value] of given) {
    const current = own.get(key)
    if (value instanceof Map) {
      const copy: GoMap = new Map(value)
      if (!own.has(key)) own.set(key, copy)
      else if (current instanceof Map) own.set(key, coalesceTables(copy, current, true))
    } else if (!(current instanceof Map)) {
      own.set(key, value)
    }
  }
  target.set(GLOBAL, own)
}
