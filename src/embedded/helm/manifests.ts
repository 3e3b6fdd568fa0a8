/** Cuts rendered files into manifests, tells hooks from resources, and puts both in install order. */
import { chartError } from './chart/error.ts'
import { YamlProblem } from './funcs/helm.ts'
import { trimSpace } from './funcs/strings.ts'
import { JsonError } from './go/json.ts'
import { toPlain } from './go/plain.ts'
import { formatFloat } from './go/strconv.ts'
import { compareStrings, type GoMap, Int, kindOf } from './go/value.ts'
import { compareKinds } from './sort.ts'
import { parseYaml, YamlError } from './yaml/index.ts'

interface Hook {
  /** pre-install, post-upgrade, test, … */
  events: string[]
  weight: number
  deletePolicies: string[]
}

export interface Manifest {
  /** chart/templates/x.yaml */
  source: string
  /** The document's text. */
  content: string
  /** The parsed document; null for one of comments only. */
  object: any
  hook?: Hook
}

const EVENTS = new Set([
  'pre-install',
  'post-install',
  'pre-delete',
  'post-delete',
  'pre-upgrade',
  'post-upgrade',
  'pre-rollback',
  'post-rollback',
  'test',
])
const BLANK = /[\t\n\f\r ]*/y

/**
 * The documents of a rendered file: what stands between lines that begin with three dashes. Blank lines belong to the
 * separator before them, so one that follows right after another is text, as in Helm.
 */
export function splitDocuments(text: string): string[] {
  const whole = trimSpace(text)
  const documents: string[] = []
  let start = 0
  for (
    let at = whole.startsWith('---') ? 0 : whole.indexOf('\n---');
    at >= 0;
    at = whole.indexOf('\n---', start)
  ) {
    const mark = whole[at] === '\n' ? at + 1 : at
    documents.push(whole.slice(start, at))
    BLANK.lastIndex = mark + 3
    BLANK.test(whole)
    start = BLANK.lastIndex
  }
  documents.push(whole.slice(start))
  return documents.map(trimSpace).filter((document) => document !== '')
}

/** Manifests by kind in install order, then hooks by kind. Hooks with unknown events are left out, as in Helm. */
export function sortManifests(rendered: Map<string, string>): { resources: Manifest[]; hooks: Manifest[] } {
  const resources: (Manifest & { kind: string })[] = []
  const hooks: (Manifest & { kind: string })[] = []
  for (const source of [...rendered.keys()].sort(compareStrings)) {
    const text = rendered.get(source) ?? ''
    if ((source.split('/').pop() ?? '').startsWith('_') || trimSpace(text) === '') continue
    for (const content of splitDocuments(text)) {
      const head = readHead(source, content)
      const manifest = { source, content, object: head.object, kind: head.kind }
      const annotation = head.annotations.get('helm.sh/hook')
      if (annotation === undefined) {
        resources.push(manifest)
        continue
      }
      const events = list(annotation).map((event) => (event === 'test-success' ? 'test' : event))
      if (!events.every((event) => EVENTS.has(event))) continue
      const weight = head.annotations.get('helm.sh/hook-weight') ?? ''
      const policies = head.annotations.get('helm.sh/hook-delete-policy')
      const deletePolicies = policies === undefined ? [] : list(policies)
      hooks.push({
        ...manifest,
        hook: { events, weight: /^[+-]?\d+$/.test(weight) ? Number(weight) : 0, deletePolicies },
      })
    }
  }
  const order = (all: (Manifest & { kind: string })[]) =>
    all.sort((a, b) => compareKinds(a.kind, b.kind)).map(({ kind: _, ...manifest }) => manifest)
  return { resources: order(resources), hooks: order(hooks) }
}

function list(text: string): string[] {
  return text.split(',').map((item) => trimSpace(item).toLowerCase())
}

interface Head {
  kind: string
  annotations: Map<string, string>
  object: unknown
}

/** Parses a document and checks the few fields that Helm reads of it. */
function readHead(source: string, content: string): Head {
  try {
    const value = parseYaml(content) ?? null
    const object = toPlain(value)
    if (value !== null && !(value instanceof Map)) throw wrongType(value, 'value', 'releaseutil.SimpleHead')
    const root: GoMap = value ?? new Map()
    text(root.get('apiVersion'), 'apiVersion')
    const metadata = root.get('metadata') ?? new Map()
    if (!(metadata instanceof Map))
      throw wrongType(
        metadata,
        'struct field SimpleHead.metadata',
        'struct { Name string "json:\\"name\\""; Annotations map[string]string "json:\\"annotations\\"" }',
      )
    text(metadata.get('name'), 'metadata.name')
    const annotations = metadata.get('annotations') ?? new Map()
    if (!(annotations instanceof Map)) {
      throw wrongType(annotations, 'struct field .metadata.annotations', 'map[string]string')
    }
    const entries = [...annotations].map(([key, item]) => [key, text(item, 'metadata.annotations')] as const)
    return { kind: text(root.get('kind'), 'kind'), annotations: new Map(entries), object }
  } catch (error) {
    if (error instanceof YamlError || error instanceof JsonError) {
      throw chartError(
        `YAML parse error on ${source}: error converting YAML to JSON: ${error.message}`,
        error,
      )
    }
    if (error instanceof YamlProblem)
      throw chartError(`YAML parse error on ${source}: ${error.message}`, error)
    throw error
  }
}

function wrongType(value: unknown, where: string, type: string): YamlProblem {
  const kinds: Record<string, string> = { map: 'object', slice: 'array', float64: 'number', int: 'number' }
  const kind = kinds[kindOf(value)] ?? kindOf(value)
  return new YamlProblem(
    `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${kind} into Go ${where} of type ${type}`,
  )
}

/** A field that must be text: scalars are spelt out, anything else is refused. */
function text(value: unknown, field: string): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return formatFloat(value, 'g', -1)
  if (value instanceof Int) return value.value.toString()
  throw wrongType(value, `struct field ${field.includes('.') ? '' : 'SimpleHead'}.${field}`, 'string')
}
