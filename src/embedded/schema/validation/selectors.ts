/** Checks of label selectors, and whether a template's labels meet its workload's selector. */
import { items, type Loose, struct } from '../defaults/fill.ts'
import { child, index } from '../field-path.ts'
import type { FieldError } from '../types.ts'
import { forbidden, invalid, required } from './field-errors.ts'
import { labelErrors } from './metadata.ts'
import { qualifiedName } from './names.ts'

export function selectorErrors(selector: Loose | undefined, path: string): FieldError[] {
  const errors = labelErrors(struct(selector, 'matchLabels'), child(path, 'matchLabels'))
  items(selector, 'matchExpressions').forEach((expression, position) => {
    const at = index(child(path, 'matchExpressions'), position)
    const count = expression.values?.length ?? 0
    switch (expression.operator) {
      case 'In':
      case 'NotIn':
        if (!count)
          errors.push(required(child(at, 'values'), "must be specified when `operator` is 'In' or 'NotIn'"))
        break
      case 'Exists':
      case 'DoesNotExist':
        if (count) {
          const detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
          errors.push(forbidden(child(at, 'values'), detail))
        }
        break
      default:
        errors.push(
          invalid(child(at, 'operator'), expression.operator ?? '', 'not a valid selector operator'),
        )
    }
    errors.push(
      ...qualifiedName(expression.key ?? '').map((problem) =>
        invalid(child(at, 'key'), expression.key, problem),
      ),
    )
  })
  return errors
}

/** Errors of a workload's selector against its template. `kind` as the message names it: `deployment`. */
export function workloadSelectorErrors(spec: Loose, kind: string): FieldError[] {
  const selector = struct(spec, 'selector')
  if (!selector) return [required('spec.selector')]
  const errors = selectorErrors(selector, 'spec.selector')
  const empty =
    !Object.keys(struct(selector, 'matchLabels') ?? {}).length && !items(selector, 'matchExpressions').length
  if (empty) errors.push(invalid('spec.selector', selector, `empty selector is invalid for ${kind}`))
  const labels = struct(struct(struct(spec, 'template'), 'metadata'), 'labels') ?? {}
  if (!empty && !errors.length && !selects(selector, labels)) {
    errors.push(
      invalid('spec.template.metadata.labels', labels, '`selector` does not match template `labels`'),
    )
  }
  return errors
}

function selects(selector: Loose, labels: Loose): boolean {
  const equal = Object.entries(struct(selector, 'matchLabels') ?? {}).every(
    ([name, value]) => labels[name] === value,
  )
  return (
    equal &&
    items(selector, 'matchExpressions').every(({ key, operator, values = [] }) => {
      switch (operator) {
        case 'In':
          return values.includes(labels[key])
        case 'NotIn':
          return !values.includes(labels[key])
        case 'Exists':
          return key in labels
        default:
          return !(key in labels)
      }
    })
  )
}
