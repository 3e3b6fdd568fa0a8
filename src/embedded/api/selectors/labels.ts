/** Label selectors, in their object form and as `?labelSelector=` writes them. */
import type { LabelSelector } from '../../client.ts'
import { badRequest } from '../../errors.ts'

type Labels = Record<string, string> | undefined
export type LabelPredicate = (labels: Labels) => boolean

interface Requirement {
  key: string
  operator: string
  values: string[]
}

/** A predicate for a selector; absent or empty selects everything. 400 if the string cannot be parsed. */
export function labelPredicate(selector: LabelSelector | string | undefined): LabelPredicate | undefined {
  if (selector === undefined) return undefined
  const requirements = typeof selector === 'string' ? parse(selector) : fromObject(selector)
  if (requirements.length === 0) return undefined
  return (labels) => requirements.every((requirement) => matches(requirement, labels ?? {}))
}

/** `a=b,c in (d,e),!f`: the form in which Scale carries a LabelSelector. */
export function formatLabelSelector(selector: LabelSelector | undefined): string {
  const words: Record<string, (r: Requirement) => string> = {
    In: ({ key, values }) => `${key} in (${[...values].sort().join(',')})`,
    NotIn: ({ key, values }) => `${key} notin (${[...values].sort().join(',')})`,
    Exists: ({ key }) => key,
    DoesNotExist: ({ key }) => `!${key}`,
    '=': ({ key, values }) => `${key}=${values[0]}`,
  }
  return fromObject(selector ?? {})
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map((requirement) => words[requirement.operator]?.(requirement) ?? '')
    .join(',')
}

function matches({ key, operator, values }: Requirement, labels: Record<string, string>): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined
  switch (operator) {
    case '=':
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    case 'Gt':
      return value !== undefined && Number(value) > Number(values[0])
    case 'Lt':
      return value !== undefined && Number(value) < Number(values[0])
    default:
      throw badRequest(`"${operator}" is not a valid label selector operator`)
  }
}

function fromObject(selector: LabelSelector): Requirement[] {
  const equal = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => ({
    key,
    operator: '=',
    values: [value],
  }))
  const expressions = (selector.matchExpressions ?? []).map(({ key, operator, values = [] }) => ({
    key,
    operator,
    values,
  }))
  return [...equal, ...expressions]
}

const SET = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/
const COMPARE = /^([^\s=!<>]+)\s*(==|=|!=|>|<)\s*([^\s=!<>]*)$/
const KEY = /^!?\s*[^\s=!<>()]+$/
const COMPARE_OPERATORS: Record<string, string> = { '=': '=', '==': '=', '!=': 'NotIn', '>': 'Gt', '<': 'Lt' }

function parse(selector: string): Requirement[] {
  return splitTerms(selector).map((term) => {
    const set = SET.exec(term)
    if (set) {
      return {
        key: set[1]!,
        operator: set[2] === 'in' ? 'In' : 'NotIn',
        values: set[3]!.split(',').map((value) => value.trim()),
      }
    }
    const compare = COMPARE.exec(term)
    if (compare) return { key: compare[1]!, operator: COMPARE_OPERATORS[compare[2]!]!, values: [compare[3]!] }
    if (!KEY.test(term)) {
      throw badRequest(`unable to parse requirement: found '${term}', expected: in, notin, =, ==, !=, gt, lt`)
    }
    return term.startsWith('!')
      ? { key: term.slice(1).trim(), operator: 'DoesNotExist', values: [] }
      : { key: term, operator: 'Exists', values: [] }
  })
}

/** Splits at commas outside parentheses. */
function splitTerms(selector: string): string[] {
  return selector
    .split(/,(?![^(]*\))/)
    .map((term) => term.trim())
    .filter((term) => term !== '')
}
