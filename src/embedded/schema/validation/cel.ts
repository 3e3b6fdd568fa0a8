/** Runs the x-kubernetes-validations of a custom object's schema. */
import { equalJson } from '../equal.ts'
import { child, index } from '../field-path.ts'
import { isObject, type Schema, type ValidationRule, valueSchema } from '../schema.ts'
import type { FieldError } from '../types.ts'
import { celValue, evaluate } from './cel-engine.ts'
import { correlated } from './value.ts'

const ruled = new WeakMap<Schema, boolean>()

/** True when the schema or anything below it has rules: most have none, and need no engine. */
export function hasRules(schema: Schema): boolean {
  const known = ruled.get(schema)
  if (known !== undefined) return known
  // Set before descending: built-in schemas may be cyclic.
  ruled.set(schema, false)
  const values = valueSchema(schema)
  const below = [
    ...Object.values(schema.properties ?? {}),
    ...(schema.items ? [schema.items] : []),
    ...(values ? [values] : []),
  ]
  const found = schema['x-kubernetes-validations'] !== undefined || below.some(hasRules)
  ruled.set(schema, found)
  return found
}

/** Errors of the rules at and below `value`. `old` is the value before an update, where there was one. */
export function ruleErrors(schema: Schema, value: unknown, path: string, old?: unknown): FieldError[] {
  if (value === null || !hasRules(schema)) return []
  const errors = (schema['x-kubernetes-validations'] ?? []).flatMap((rule) =>
    runRule(rule, schema, value, path, old),
  )
  if (Array.isArray(value) && schema.items) {
    const { items } = schema
    value.forEach((item, position) => {
      errors.push(...ruleErrors(items, item, index(path, position), correlated(schema, item, old)))
    })
  } else if (isObject(value)) {
    const before = isObject(old) ? old : {}
    for (const [name, field] of Object.entries(value)) {
      const known = schema.properties?.[name] ?? valueSchema(schema)
      if (known) errors.push(...ruleErrors(known, field, child(path, name), before[name]))
    }
  }
  return errors
}

function runRule(
  rule: ValidationRule,
  schema: Schema,
  value: unknown,
  path: string,
  old: unknown,
): FieldError[] {
  const transition = /\boldSelf\b/.test(rule.rule)
  if (transition && old === undefined) return []
  // An unchanged value may keep breaking a rule that is new.
  if (!transition && old !== undefined && equalJson(value, old)) return []
  const bindings = {
    self: celValue(schema, value),
    ...(transition ? { oldSelf: celValue(schema, old) } : {}),
  }
  const outcome = evaluate(rule.rule, bindings)
  if ('unsupported' in outcome || ('value' in outcome && outcome.value === true)) return []
  const scalar = !isObject(value) && !Array.isArray(value)
  return [
    {
      type: REASONS[rule.reason ?? ''] ?? 'Invalid',
      field: path + (rule.fieldPath ?? ''),
      detail: 'error' in outcome ? `rule evaluation error: ${outcome.error}` : message(rule, bindings),
      // Lists and objects are not echoed since 1.35.
      ...(scalar ? { badValue: value } : {}),
    },
  ]
}

const REASONS: Record<string, FieldError['type']> = {
  FieldValueInvalid: 'Invalid',
  FieldValueForbidden: 'Forbidden',
  FieldValueRequired: 'Required',
  FieldValueDuplicate: 'Duplicate',
}

function message(rule: ValidationRule, bindings: Record<string, unknown>): string {
  if (rule.messageExpression) {
    const outcome = evaluate(rule.messageExpression, bindings)
    if ('value' in outcome && typeof outcome.value === 'string' && outcome.value.trim()) return outcome.value
  }
  return rule.message ?? `failed rule: ${rule.rule.trim()}`
}
