/** Reads Chart.yaml and requirements.yaml. */

import { parseVersion } from '../funcs/version.ts'
import { formatFloat } from '../go/strconv.ts'
import { type GoMap, Int } from '../go/value.ts'
import { parseYaml, YamlError } from '../yaml/index.ts'
import { chartError } from './error.ts'
import type { Dependency, Metadata } from './types.ts'

/** A scalar where text is wanted: numbers and booleans are spelt out, as sigs.k8s.io/yaml does. */
function text(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return formatFloat(value, 'g', -1)
  if (typeof value === 'boolean') return String(value)
  return value instanceof Int ? value.value.toString() : ''
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const texts = (value: unknown): string[] => list(value).map(text)
const map = (value: unknown): GoMap => (value instanceof Map ? value : new Map())

function readMap(source: string, file: string): GoMap {
  try {
    const value = parseYaml(source) ?? null
    if (value === null || value instanceof Map) return value ?? new Map()
    throw chartError(`cannot load ${file}: error unmarshaling JSON: not an object`)
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    throw chartError(`cannot load ${file}: error converting YAML to JSON: ${error.message}`, error)
  }
}

function readDependency(value: unknown): Dependency {
  const entry = map(value)
  return {
    name: text(entry.get('name')),
    version: text(entry.get('version')),
    repository: text(entry.get('repository')),
    condition: text(entry.get('condition')),
    tags: texts(entry.get('tags')),
    enabled: entry.get('enabled') === true,
    importValues: list(entry.get('import-values')),
    alias: text(entry.get('alias')),
  }
}

export function readDependencies(source: string, file: string): Dependency[] {
  return list(readMap(source, file).get('dependencies')).map(readDependency)
}

export function readMetadata(source: string): Metadata {
  const entry = readMap(source, 'Chart.yaml')
  const annotations = [...map(entry.get('annotations'))].map(([key, value]) => [key, text(value)] as const)
  return {
    name: text(entry.get('name')),
    home: text(entry.get('home')),
    sources: texts(entry.get('sources')),
    version: text(entry.get('version')),
    description: text(entry.get('description')),
    keywords: texts(entry.get('keywords')),
    maintainers: list(entry.get('maintainers')).map((item) => {
      const maintainer = map(item)
      return {
        name: text(maintainer.get('name')),
        email: text(maintainer.get('email')),
        url: text(maintainer.get('url')),
      }
    }),
    icon: text(entry.get('icon')),
    apiVersion: text(entry.get('apiVersion')) || 'v1',
    condition: text(entry.get('condition')),
    tags: text(entry.get('tags')),
    appVersion: text(entry.get('appVersion')),
    deprecated: entry.get('deprecated') === true,
    annotations: Object.fromEntries(annotations),
    kubeVersion: text(entry.get('kubeVersion')),
    dependencies: list(entry.get('dependencies')).map(readDependency),
    type: text(entry.get('type')),
  }
}

/** Refuses a chart that Helm would refuse to load. */
export function validateMetadata(metadata: Metadata): void {
  const invalid = (why: string): never => {
    throw chartError(`validation: ${why}`)
  }
  if (!metadata.name) invalid('chart.metadata.name is required')
  if (/[/\\]/.test(metadata.name)) invalid(`chart.metadata.name "${metadata.name}" is invalid`)
  if (!metadata.version) invalid('chart.metadata.version is required')
  try {
    parseVersion(metadata.version)
  } catch {
    invalid(`chart.metadata.version "${metadata.version}" is invalid`)
  }
  if (!['', 'application', 'library'].includes(metadata.type)) {
    invalid('chart.metadata.type must be application or library')
  }
  const names = new Set<string>()
  for (const { name, alias } of metadata.dependencies) {
    const key = alias || name
    if (alias && !/^[a-zA-Z0-9_-]+$/.test(alias))
      invalid(`dependency "${name}" has disallowed characters in the alias`)
    if (names.has(key)) invalid(`more than one dependency with name or alias "${key}"`)
    names.add(key)
  }
}
