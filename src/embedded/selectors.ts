/** Label and field selectors: parsed, matched and printed as apimachinery does. */
import type { LabelSelector } from './client.ts'
import { badRequest } from './errors.ts'

export type Operator = '=' | '!=' | 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt'

export interface Requirement {
  key: string
  operator: Operator
  values: string[]
}

const KEY = /^([a-z0-9A-Z]([-a-z0-9A-Z.]*[a-z0-9A-Z])?\/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]*[a-z0-9A-Z])?$/
const VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/
const TERM = /^(?:(!)\s*(\S+)|(\S+?)\s*(==|!=|=|>|<)\s*(\S*)|(\S+)\s+(in|notin)\s*\(([^()]*)\)|(\S+))$/

/** Parses `a=b,c in (d,e),!f`; throws a 400 on anything that is not a selector. Empty matches everything. */
export function parseLabelSelector(text: string): Requirement[] {
  return splitTerms(text).map((term) => {
    const match = TERM.exec(term)
    if (!match) throw unparsable(term)
    const requirement = requirementOf(match)
    if (!KEY.test(requirement.key) || !requirement.values.every((value) => VALUE.test(value))) {
      throw unparsable(term)
    }
    return requirement
  })
}

function requirementOf(match: RegExpExecArray): Requirement {
  const [, bang, absent, key, sign, value, setKey, setOperator, setValues, present] = match
  if (bang) return { key: absent!, operator: '!', values: [] }
  if (key !== undefined) {
    const operator: Operator = sign === '!=' ? '!=' : sign === '>' ? 'gt' : sign === '<' ? 'lt' : '='
    return { key, operator, values: [value!] }
  }
  if (setKey !== undefined) {
    const values = setValues!.split(',').map((part) => part.trim())
    return { key: setKey, operator: setOperator as 'in' | 'notin', values }
  }
  return { key: present!, operator: 'exists', values: [] }
}

/** Splits at the commas that are not inside parentheses. */
function splitTerms(text: string): string[] {
  const terms: string[] = []
  let depth = 0
  let start = 0
  for (let at = 0; at <= text.length; at++) {
    const char = text[at]
    if (char === '(') depth++
    else if (char === ')') depth--
    else if (char === undefined || (char === ',' && depth === 0)) {
      terms.push(text.slice(start, at).trim())
      start = at + 1
    }
  }
  return terms.length === 1 && terms[0] === '' ? [] : terms
}

function unparsable(term: string): Error {
  return badRequest(`unable to parse requirement: found '${term}', expected: in, notin, =, ==, !=, gt, lt`)
}

const EXPRESSION_OPERATORS = { In: 'in', NotIn: 'notin', Exists: 'exists', DoesNotExist: '!' } as const

/** The requirements of a metav1.LabelSelector: matchLabels, then matchExpressions. */
export function requirementsOf(selector: LabelSelector): Requirement[] {
  const labels = Object.entries(selector.matchLabels ?? {}).map(
    ([key, value]): Requirement => ({ key, operator: '=', values: [value] }),
  )
  const expressions = (selector.matchExpressions ?? []).map(({ key, operator, values }): Requirement => {
    const known = EXPRESSION_OPERATORS[operator]
    if (!known) throw badRequest(`${JSON.stringify(operator)} is not a valid label selector operator`)
    return { key, operator: known, values: values ?? [] }
  })
  return [...labels, ...expressions]
}

/** True when `labels` meet every requirement. An absent key meets `!=`, `notin` and `!`. */
export function matchesRequirements(
  requirements: Requirement[],
  labels: Record<string, string> | undefined,
): boolean {
  return requirements.every(({ key, operator, values }) => {
    const value = labels && Object.hasOwn(labels, key) ? labels[key] : undefined
    switch (operator) {
      case '=':
      case 'in':
        return value !== undefined && values.includes(value)
      case '!=':
      case 'notin':
        return value === undefined || !values.includes(value)
      case 'exists':
        return value !== undefined
      case '!':
        return value === undefined
      case 'gt':
        return value !== undefined && Number(value) > Number(values[0])
      case 'lt':
        return value !== undefined && Number(value) < Number(values[0])
      default:
        return false
    }
  })
}

/**
 * True when `labels` match: a LabelSelector or its string form. An absent selector matches nothing and an
 * empty one everything, as metav1.LabelSelectorAsSelector has it.
 */
export function matchesLabels(
  selector: LabelSelector | string | undefined,
  labels: Record<string, string> | undefined,
): boolean {
  if (selector === undefined) return false
  const requirements = typeof selector === 'string' ? parseLabelSelector(selector) : requirementsOf(selector)
  return matchesRequirements(requirements, labels)
}

/** The string form, keys in order, as /scale's status.selector carries it: `a=b,c in (d,e),!f`. */
export function formatLabelSelector(selector: LabelSelector | undefined): string {
  if (!selector) return ''
  return requirementsOf(selector)
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ key, operator, values }) => {
      switch (operator) {
        case 'exists':
          return key
        case '!':
          return `!${key}`
        case 'in':
        case 'notin':
          return `${key} ${operator} (${[...values].sort().join(',')})`
        default:
          return `${key}${operator}${values[0]}`
      }
    })
    .join(',')
}

export interface FieldRequirement {
  /** As in the query: `metadata.name`, `involvedObject.uid`. */
  field: string
  equal: boolean
  value: string
}

/** Parses `a.b=c,d!=e`; a backslash escapes `,`, `=` and itself. Throws a 400 on a term without an operator. */
export function parseFieldSelector(text: string): FieldRequirement[] {
  return text
    .split(/(?<!\\),/)
    .filter((term) => term !== '')
    .map((term) => {
      const match = /^(.*?)(?<!\\)(!=|==|=)(.*)$/s.exec(term)
      if (!match) throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`)
      return {
        field: match[1]!.trim(),
        equal: match[2] !== '!=',
        value: match[3]!.replace(/\\([\\,=])/g, '$1'),
      }
    })
}

/**
 * True when every requirement holds. `textOf` answers the field's text, '' for an absent field
 * (the server compares unset fields as empty).
 */
export function matchesFields(requirements: FieldRequirement[], textOf: (field: string) => string): boolean {
  return requirements.every(({ field, equal, value }) => (textOf(field) === value) === equal)
}
