/** Decides which subcharts take part: conditions, tags, aliases; and carries their exported values to the parent. */

import { satisfies } from '../funcs/constraint.ts'
import { parseVersion } from '../funcs/version.ts'
import { valueText } from '../go/format.ts'
import { deepCopy } from '../go/plain.ts'
import { type GoMap, typed } from '../go/value.ts'
import { chartError } from './error.ts'
import type { Chart, Dependency } from './types.ts'
import { coalesceTables, coalesceValues, mergeChartValues, tableAt } from './values.ts'

/** A copy of the chart with only its enabled subcharts, under their aliases, and imported values merged in. */
export function processDependencies(chart: Chart, values: GoMap): Chart {
  requirePresent(chart)
  const enabled = selectEnabled(chart, values, '')
  return importValues(enabled)
}

function requirePresent(chart: Chart): void {
  const missing = chart.metadata.dependencies
    .map(({ name }) => name)
    .filter((name) => !chart.dependencies.some((child) => child.metadata.name === name))
  if (missing.length > 0) {
    throw chartError(
      'An error occurred while checking for chart dependencies. You may need to run `helm dependency build` to ' +
        `fetch missing dependencies: found in Chart.yaml, but missing in charts/ directory: ${missing.join(', ')}`,
    )
  }
}

/** Does the version lie in the range? A malformed range or version does not. */
export function isCompatible(range: string, version: string): boolean {
  try {
    return satisfies(parseVersion(version), range)
  } catch {
    return false
  }
}

/** Is this the chart that the entry asks for? */
export function meets(chart: Chart, { name, version }: Pick<Dependency, 'name' | 'version'>): boolean {
  return chart.metadata.name === name && isCompatible(version, chart.metadata.version)
}

function withName(chart: Chart, name: string): Chart {
  return { ...chart, metadata: { ...chart.metadata, name }, unaliasedName: chart.metadata.name }
}

function selectEnabled(chart: Chart, values: GoMap, path: string): Chart {
  const requirements = chart.metadata.dependencies.map((entry) => ({ ...entry }))
  // Helm leaves a chart that lists no dependencies, and all below it, as it is.
  if (requirements.length === 0) return chart
  const unlisted = chart.dependencies.filter((child) => !requirements.some((entry) => meets(child, entry)))
  const listed: Chart[] = []
  for (const entry of requirements) {
    const found = chart.dependencies.find((child) => meets(child, entry))
    if (found) listed.push(entry.alias ? withName(found, entry.alias) : found)
    if (entry.alias) entry.name = entry.alias
    entry.enabled = true
  }
  const candidate: Chart = { ...chart, dependencies: [...unlisted, ...listed] }
  const merged = coalesceValues(candidate, values)
  for (const entry of requirements) {
    applyTags(entry, merged)
    applyCondition(entry, merged, path)
  }
  const disabled = new Set(requirements.filter((entry) => !entry.enabled).map((entry) => entry.name))
  const { unaliasedName: _, ...rest } = chart
  return {
    ...rest,
    metadata: { ...chart.metadata, dependencies: requirements.filter((entry) => !disabled.has(entry.name)) },
    dependencies: candidate.dependencies
      .filter((child) => !disabled.has(child.metadata.name))
      .map((child) => selectEnabled(child, merged, `${path}${child.metadata.name}.`)),
  }
}

/** One true tag enables; false ones alone disable. */
function applyTags(entry: Dependency, values: GoMap): void {
  const tags = values.get('tags')
  if (!(tags instanceof Map)) return
  const states = entry.tags.map((tag) => tags.get(tag))
  if (!states.includes(true) && states.includes(false)) entry.enabled = false
}

/** The first condition that names a boolean decides, over the tags. */
function applyCondition(entry: Dependency, values: GoMap, path: string): void {
  for (const condition of entry.condition.trim().split(',')) {
    if (condition === '') continue
    const keys = (path + condition).split('.')
    const last = keys.pop() ?? ''
    const table = keys.length === 0 ? values : tableAt(values, keys.join('.'))
    const value = table?.get(last)
    if (typeof value === 'boolean') {
      entry.enabled = value
      return
    }
  }
}

function importValues(chart: Chart): Chart {
  const withChildren: Chart = { ...chart, dependencies: chart.dependencies.map(importValues) }
  const { dependencies } = withChildren.metadata
  if (dependencies.length === 0) return withChildren
  const merged = mergeChartValues(withChildren, new Map())
  let imported: GoMap = new Map()
  const read = dependencies.map((entry) => {
    const rules = entry.importValues.map(importRule)
    for (const { child, parent } of rules) {
      const table = tableAt(merged, `${entry.name}.${child}`)
      if (table) imported = coalesceTables(imported, nest(parent, deepCopy(table) as GoMap), true)
    }
    return {
      ...entry,
      importValues: rules.map((rule) => typed(new Map(Object.entries(rule)), 'map[string]string')),
    }
  })
  return {
    ...withChildren,
    metadata: { ...withChildren.metadata, dependencies: read },
    values: coalesceTables(deepCopy(merged) as GoMap, imported, true),
  }
}

/** A plain name imports exports.<name> to the top; a map says what goes where. */
function importRule(rule: unknown): { child: string; parent: string } {
  if (rule instanceof Map)
    return { child: valueText(rule.get('child')), parent: valueText(rule.get('parent')) }
  return { child: `exports.${valueText(rule)}`, parent: '.' }
}

function nest(path: string, table: GoMap): GoMap {
  if (path === '.') return table
  return path.split('.').reduceRight((inner: GoMap, key) => new Map([[key, inner]]), table)
}
