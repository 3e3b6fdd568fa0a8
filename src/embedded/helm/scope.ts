/** What each template of a chart sees as its dot: Values, Release, Chart, Files, Subcharts and so on. */

import {
  type Chart,
  type ChartFile,
  chartPath,
  type Dependency,
  type Metadata,
  pathForChildren,
} from './chart/types.ts'
import { filesValue } from './files.ts'
import { fromBytes } from './go/bytes.ts'
import { type Field, type GoMap, int, nilOf, Struct, typed } from './go/value.ts'

export interface Renderable {
  /** chart/templates/x.yaml */
  name: string
  text: string
  data: GoMap
  /** chart/templates */
  basePath: string
}

export interface ReleaseInfo {
  name: string
  namespace: string
  revision: number
  isInstall: boolean
  isUpgrade: boolean
}

export function releaseValue({ name, namespace, revision, isInstall, isUpgrade }: ReleaseInfo): GoMap {
  return new Map<string, unknown>([
    ['Name', name],
    ['Namespace', namespace],
    ['Revision', int(revision)],
    ['IsInstall', isInstall],
    ['IsUpgrade', isUpgrade],
    ['Service', 'Helm'],
  ])
}

/** All templates of a chart and its subcharts, each with its data. */
export function allTemplates(
  chart: Chart,
  values: GoMap,
  release: GoMap,
  capabilities: Struct,
): Renderable[] {
  // Under aliases two charts can have one path: the later one's templates stand for both.
  const out = new Map<string, Renderable>()
  collect(out, chart, undefined, typed(values, 'chartutil.Values'), release, capabilities)
  return [...out.values()]
}

function collect(
  out: Map<string, Renderable>,
  chart: Chart,
  parentPath: string | undefined,
  values: GoMap,
  release: GoMap,
  capabilities: Struct,
): GoMap {
  const path = chartPath(parentPath, chart)
  const inner = pathForChildren(parentPath, chart)
  const subcharts: GoMap = new Map()
  const data: GoMap = new Map<string, unknown>([
    ['Chart', chartValue(chart.metadata, parentPath === undefined)],
    ['Files', filesValue(chart.files)],
    ['Release', release],
    ['Capabilities', capabilities],
    ['Values', values],
    ['Subcharts', subcharts],
  ])
  for (const child of chart.dependencies) {
    const { name } = child.metadata
    const own = values.get(name)
    const table = typed(own instanceof Map ? own : new Map(), 'chartutil.Values')
    subcharts.set(name, collect(out, child, inner, table, release, capabilities))
  }
  for (const template of chart.templates) {
    if (!isRendered(chart, template)) continue
    const name = `${path}/${template.name}`
    out.set(name, {
      name,
      text: fromBytes(template.data),
      data,
      basePath: `${path}/templates`,
    })
  }
  return data
}

/** A library chart only lends its partials. */
function isRendered(chart: Chart, template: ChartFile): boolean {
  if (chart.metadata.type.toLowerCase() !== 'library') return true
  return (template.name.split('/').pop() ?? '').startsWith('_')
}

function field(name: string, json: string, value: unknown): Field {
  return { name, value, json, omitEmpty: true }
}

function strings(texts: string[]): unknown[] {
  const slice = typed([...texts], '[]string')
  return texts.length === 0 ? nilOf(slice) : slice
}

function structs(items: Struct[], type: string): unknown[] {
  const slice = typed([...items], type)
  return items.length === 0 ? nilOf(slice) : slice
}

function dependencyValue(entry: Dependency): Struct {
  return new Struct('*chart.Dependency', [
    { name: 'Name', value: entry.name, json: 'name' },
    field('Version', 'version', entry.version),
    { name: 'Repository', value: entry.repository, json: 'repository' },
    field('Condition', 'condition', entry.condition),
    field('Tags', 'tags', strings(entry.tags)),
    field('Enabled', 'enabled', entry.enabled),
    field('ImportValues', 'import-values', entry.importValues),
    field('Alias', 'alias', entry.alias),
  ])
}

/** .Chart: Chart.yaml with capitalised names, and IsRoot. */
function chartValue(metadata: Metadata, isRoot: boolean): Struct {
  const maintainers = metadata.maintainers.map(
    ({ name, email, url }) =>
      new Struct('*chart.Maintainer', [
        field('Name', 'name', name),
        field('Email', 'email', email),
        field('URL', 'url', url),
      ]),
  )
  const annotations = typed(
    new Map<string, unknown>(Object.entries(metadata.annotations)),
    'map[string]string',
  )
  return new Struct('struct { chart.Metadata; IsRoot bool }', [
    field('Name', 'name', metadata.name),
    field('Home', 'home', metadata.home),
    field('Sources', 'sources', strings(metadata.sources)),
    field('Version', 'version', metadata.version),
    field('Description', 'description', metadata.description),
    field('Keywords', 'keywords', strings(metadata.keywords)),
    field('Maintainers', 'maintainers', structs(maintainers, '[]*chart.Maintainer')),
    field('Icon', 'icon', metadata.icon),
    field('APIVersion', 'apiVersion', metadata.apiVersion),
    field('Condition', 'condition', metadata.condition),
    field('Tags', 'tags', metadata.tags),
    field('AppVersion', 'appVersion', metadata.appVersion),
    field('Deprecated', 'deprecated', metadata.deprecated),
    field('Annotations', 'annotations', annotations.size === 0 ? nilOf(annotations) : annotations),
    field('KubeVersion', 'kubeVersion', metadata.kubeVersion),
    field(
      'Dependencies',
      'dependencies',
      structs(metadata.dependencies.map(dependencyValue), '[]*chart.Dependency'),
    ),
    field('Type', 'type', metadata.type),
    { name: 'IsRoot', value: isRoot, json: 'IsRoot' },
  ])
}
