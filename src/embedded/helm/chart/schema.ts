/** Checks values against each chart's values.schema.json. */
import { createRequire } from 'node:module'
import type { ErrorObject, ValidateFunction } from 'ajv'
import { toPlain } from '../go/plain.ts'
import type { GoMap } from '../go/value.ts'
import { chartError } from './error.ts'
import type { Chart } from './types.ts'

const load = createRequire(import.meta.url)

/** Throws a DevenvError CHART_INVALID that lists every violation by chart. */
export function validateSchemas(chart: Chart, values: GoMap): void {
  const report = violations(chart, values)
  if (report) {
    throw chartError(
      `values don't meet the specifications of the schema(s) in the following chart(s):\n${report}`,
    )
  }
}

function violations(chart: Chart, values: GoMap): string {
  let report = ''
  if (chart.schema !== undefined) {
    const problems = check(chart.metadata.name, chart.schema, toPlain(values))
    if (problems.length > 0) {
      report += `${chart.metadata.name}:\n${problems.map((problem) => `- ${problem}\n`).join('')}`
    }
  }
  for (const child of chart.dependencies) {
    const own = values.get(child.metadata.name)
    report += violations(child, own instanceof Map ? own : new Map())
  }
  return report
}

function check(name: string, source: string, values: unknown): string[] {
  const validate = compile(name, source)
  if (validate(values)) return []
  return describe(validate.errors ?? [])
}

/** Compiled schemas by their text: a chart is rendered many times, and compiling takes longest. */
const compiled = new Map<string, ValidateFunction>()
const CACHED = 50

function compile(name: string, source: string): ValidateFunction {
  const known = compiled.get(source)
  if (known) return known
  const fresh = compileFresh(name, source)
  if (compiled.size >= CACHED) compiled.clear()
  compiled.set(source, fresh)
  return fresh
}

function compileFresh(name: string, source: string): ValidateFunction {
  try {
    const schema = JSON.parse(source) as Record<string, unknown> | boolean
    const draft = typeof schema === 'object' ? String(schema.$schema ?? '') : ''
    const options = {
      strict: false,
      allErrors: true,
      validateFormats: false,
      validateSchema: false,
      logger: false,
      verbose: true,
      code: { optimize: false },
    } as const
    const modern = draft === '' || /2019-09|2020-12/.test(draft)
    const Ajv = load(modern ? 'ajv/dist/2020.js' : 'ajv').default as typeof import('ajv').default
    // Drafts 4 and 6 are read as 7: what they have in common is what charts use.
    if (typeof schema === 'object') {
      delete schema.$schema
      if (typeof schema.id === 'string') delete schema.id
    }
    return new Ajv(options).compile(schema)
  } catch (error) {
    throw chartError(
      `values don't meet the specifications of the schema(s) in the following chart(s):\n${name}:\n${(error as Error).message}\n`,
      error,
    )
  }
}

/** One line per failing place, in the words of Helm's validator. Failures that only wrap others are left out. */
function describe(errors: ErrorObject[]): string[] {
  const missing = new Map<string, string[]>()
  const extra = new Map<string, string[]>()
  const lines: string[] = []
  for (const error of errors) {
    const { keyword, instancePath: path, params } = error
    if (keyword === 'required') missing.set(path, [...(missing.get(path) ?? []), params.missingProperty])
    else if (keyword === 'additionalProperties')
      extra.set(path, [...(extra.get(path) ?? []), params.additionalProperty])
    else if (!['if', 'then', 'else'].includes(keyword)) lines.push(`at '${path}': ${explain(error)}`)
  }
  const quoted = (names: string[]) => names.map((property) => `'${property}'`).join(', ')
  for (const [path, names] of missing) {
    lines.push(`at '${path}': missing propert${names.length === 1 ? 'y' : 'ies'} ${quoted(names)}`)
  }
  for (const [path, names] of extra)
    lines.push(`at '${path}': additional properties ${quoted(names)} not allowed`)
  return lines
}

const LIMITS = new Set([
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
])

/** What a limit is held against: the number itself, or how long the text or list is. */
function measure(data: unknown): number {
  if (typeof data === 'string') return [...data].length
  return Array.isArray(data) ? data.length : Number(data)
}

function explain({ keyword, params, message, data }: ErrorObject): string {
  switch (keyword) {
    case 'type':
      return `got ${typeName(data)}, want ${[params.type].flat().join(' or ')}`
    case 'enum':
      return `value must be one of ${(params.allowedValues as unknown[]).map(literal).join(', ')}`
    case 'const':
      return `value must be ${literal(params.allowedValue)}`
    case 'pattern':
      return `'${String(data)}' does not match pattern '${params.pattern}'`
  }
  if (LIMITS.has(keyword)) return `${keyword}: got ${measure(data)}, want ${params.limit}`
  return message ?? keyword
}

const literal = (value: unknown) => (typeof value === 'string' ? `'${value}'` : JSON.stringify(value))

function typeName(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
