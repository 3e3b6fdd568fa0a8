/** Compiles and runs CEL rules; the engine is loaded with the first rule, few objects have any. */
import { createRequire } from 'node:module'
import type * as Cel from '@bufbuild/cel'
import type * as CelStrings from '@bufbuild/cel/ext'
import { isObject, type Schema, valueSchema } from '../schema.ts'
import { kubernetesFunctions } from './cel-functions.ts'

const require = createRequire(import.meta.url)

/**
 * What a rule came to: its value, why it failed to evaluate, or that this engine cannot judge it (optional
 * field syntax and the Kubernetes types quantity, url, ip and format have no counterpart here).
 */
export type CelOutcome = { value: unknown } | { error: string } | { unsupported: string }

type Program = (bindings: Record<string, unknown>) => CelOutcome

interface Engine {
  cel: typeof Cel
  env: Cel.CelEnv
}

let engine: Engine | undefined
const programs = new Map<string, Program>()

function load(): Engine {
  if (engine) return engine
  const cel: typeof Cel = require('@bufbuild/cel')
  const { strings }: typeof CelStrings = require('@bufbuild/cel/ext')
  engine = { cel, env: cel.celEnv({ funcs: [...strings, ...kubernetesFunctions(cel)] }) }
  return engine
}

/** Evaluates `expression` with `self` and, for transition rules, `oldSelf`. */
export function evaluate(expression: string, bindings: Record<string, unknown>): CelOutcome {
  let program = programs.get(expression)
  if (!program) {
    program = compile(expression)
    programs.set(expression, program)
  }
  return program(bindings)
}

function compile(expression: string): Program {
  const { cel, env } = load()
  let run: (bindings: never) => Cel.CelResult
  try {
    run = cel.plan(env, cel.parse(expression))
  } catch (thrown) {
    const unsupported = (thrown as Error).message
    return () => ({ unsupported })
  }
  return (bindings) => {
    const result = run(bindings as never)
    if (!cel.isCelError(result)) return { value: result }
    return result.message.startsWith('unbound function')
      ? { unsupported: result.message }
      : { error: result.message }
  }
}

/** A JSON value as CEL sees it: whole numbers of integer fields are ints, every other number is a double. */
export function celValue(schema: Schema | undefined, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => celValue(schema?.items, item))
  if (isObject(value)) {
    return new Map(
      Object.entries(value).map(([name, field]) => [
        name,
        celValue(schema?.properties?.[name] ?? (schema && valueSchema(schema)), field),
      ]),
    )
  }
  const double = schema?.type === 'number' || !Number.isInteger(value)
  return typeof value === 'number' && !double ? BigInt(value) : value
}
