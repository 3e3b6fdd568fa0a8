/** Functions that Helm adds to Sprig's: YAML, JSON, TOML, required, fail, lookup, getHostByName. */
import { fromJson, JsonError, requireFinite, toJson } from '../go/json.ts'
import { fromPlain } from '../go/plain.ts'
import { Int, kindOf, nilOf } from '../go/value.ts'
import { FuncError } from '../template/errors.ts'
import { type FuncTable, func } from '../template/func.ts'
import { parseYaml, toYaml, YamlError } from '../yaml/index.ts'
import { parseToml, TomlError, toToml } from './toml.ts'

/** Answers `lookup`: an object, a list for an empty name, or undefined for what does not exist. */
export type Lookup = (apiVersion: string, kind: string, namespace: string, name: string) => unknown

/** JSON has no integers: a YAML document read through it has floats only. */
function throughJson(value: unknown): unknown {
  if (value instanceof Int) return Number(value.value)
  if (typeof value === 'number') requireFinite(value)
  if (Array.isArray(value)) return value.map(throughJson)
  if (value instanceof Map) return new Map([...value].map(([key, member]) => [key, throughJson(member)]))
  return value ?? null
}

const JSON_KINDS: Record<string, string> = { map: 'object', slice: 'array', float64: 'number' }

function mismatch(value: unknown, type: string): string {
  const kind = kindOf(value)
  return `json: cannot unmarshal ${JSON_KINDS[kind] ?? kind} into Go value of type ${type}`
}

/** Reads YAML the way sigs.k8s.io/yaml does. Throws an Error with its message. */
export function unmarshalYaml(text: string): unknown {
  try {
    return throughJson(parseYaml(text))
  } catch (error) {
    if (error instanceof YamlError)
      throw new YamlProblem(`error converting YAML to JSON: ${error.message}`, error.line)
    if (error instanceof JsonError) throw new YamlProblem(`error converting YAML to JSON: ${error.message}`)
    throw error
  }
}

/** A document that is not YAML, or not of the type asked for; the message is sigs.k8s.io/yaml's. */
export class YamlProblem extends Error {
  readonly line: number | undefined

  constructor(message: string, line?: number) {
    super(message)
    this.line = line
  }
}

/** What a decoder throws, as the text that templates get in its place. */
function problemText(error: unknown): string {
  if (error instanceof YamlProblem || error instanceof JsonError || error instanceof TomlError)
    return error.message
  throw error
}

/** JSON's null makes a nil map; a YAML document without content (undefined) leaves an empty one. */
function mapFrom(read: (text: string) => unknown, complaint: (value: unknown) => string) {
  return (text: string) => {
    try {
      const value = read(text)
      if (value === undefined) return new Map()
      if (value === null) return nilOf(new Map())
      if (value instanceof Map) return value
      return new Map([['Error', complaint(value)]])
    } catch (error) {
      return new Map([['Error', problemText(error)]])
    }
  }
}

function listFrom(read: (text: string) => unknown, complaint: (value: unknown) => string) {
  return (text: string) => {
    try {
      const value = read(text)
      if (value === undefined) return []
      if (value === null) return nilOf([])
      return Array.isArray(value) ? value : [complaint(value)]
    } catch (error) {
      return [problemText(error)]
    }
  }
}

const MAP = 'map[string]interface {}'
const LIST = '[]interface {}'
const yamlComplaint = (type: string) => (value: unknown) =>
  `error unmarshaling JSON: while decoding JSON: ${mismatch(value, type)}`
const jsonComplaint = (type: string) => (value: unknown) => mismatch(value, type)

/** Encoders swallow what cannot be encoded. */
function orEmpty(encode: () => string): string {
  try {
    return encode()
  } catch (error) {
    if (error instanceof JsonError) return ''
    throw error
  }
}

export function yamlText(value: unknown): string {
  return orEmpty(() => toYaml(value).replace(/\n$/, ''))
}

function required(warning: string, value: unknown): unknown {
  if (value === null || value === undefined || value === '') throw new FuncError(warning, { byChart: true })
  return value
}

export function helmFunctions(lookup: Lookup | undefined): FuncTable {
  return {
    toYaml: func('any', yamlText),
    toYamlPretty: func('any', (value) =>
      orEmpty(() => toYaml(value, { indentSequences: true }).replace(/\n$/, '')),
    ),
    fromYaml: func(
      'string',
      mapFrom((text) => unmarshalYaml(text) ?? undefined, yamlComplaint(MAP)),
    ),
    fromYamlArray: func(
      'string',
      listFrom((text) => unmarshalYaml(text) ?? undefined, yamlComplaint(LIST)),
    ),
    toJson: func('any', (value) => orEmpty(() => toJson(value))),
    fromJson: func('string', mapFrom(fromJson, jsonComplaint(MAP))),
    fromJsonArray: func('string', listFrom(fromJson, jsonComplaint(LIST))),
    toToml: func('any', (value) => {
      try {
        return toToml(value)
      } catch (error) {
        return problemText(error)
      }
    }),
    fromToml: func('string', mapFrom(parseToml, jsonComplaint(MAP))),
    required: func('string, any', required),
    fail: func('string', (message) => {
      throw new FuncError(message, { byChart: true })
    }),
    lookup: func('string, string, string, string', (apiVersion, kind, namespace, name) => {
      const found = lookup?.(apiVersion, kind, namespace, name)
      return found === undefined || found === null ? new Map() : fromPlain(found)
    }),
    // Helm resolves names only when asked to on its command line.
    getHostByName: func('string', () => ''),
  }
}
