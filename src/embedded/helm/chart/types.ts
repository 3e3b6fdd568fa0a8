/** A chart as loaded: what its files say, before any values are merged in. */
import type { GoMap } from '../go/value.ts'

export interface ChartFile {
  /** Path within the chart, with slashes. */
  name: string
  data: Uint8Array
}

interface Maintainer {
  name: string
  email: string
  url: string
}

export interface Dependency {
  name: string
  version: string
  repository: string
  /** Comma-separated paths of booleans in the values; the first that exists decides. */
  condition: string
  tags: string[]
  enabled: boolean
  /** Strings, or maps with child and parent. */
  importValues: unknown[]
  alias: string
}

export interface Metadata {
  name: string
  home: string
  sources: string[]
  version: string
  description: string
  keywords: string[]
  maintainers: Maintainer[]
  icon: string
  apiVersion: string
  condition: string
  tags: string
  appVersion: string
  deprecated: boolean
  annotations: Record<string, string>
  kubeVersion: string
  dependencies: Dependency[]
  type: string
}

export interface Chart {
  metadata: Metadata
  /** values.yaml. */
  values: GoMap
  templates: ChartFile[]
  /** Everything that is neither a template nor a subchart; templates read these through .Files. */
  files: ChartFile[]
  /** values.schema.json. */
  schema?: string
  dependencies: Chart[]
  /**
   * The name before an alias. Helm files the charts inside an aliased one under it, unless that one's Chart.yaml
   * lists them.
   */
  unaliasedName?: string
}

/** The charts that contain this one, outermost first, then itself: parent/charts/child. */
export function chartPath(parentPath: string | undefined, chart: Chart): string {
  return pathOf(parentPath, chart.metadata.name)
}

/** What the charts inside this one have for their parent's path. */
export function pathForChildren(parentPath: string | undefined, chart: Chart): string {
  return pathOf(parentPath, chart.unaliasedName ?? chart.metadata.name)
}

function pathOf(parentPath: string | undefined, name: string): string {
  return parentPath === undefined ? name : `${parentPath}/charts/${name}`
}
