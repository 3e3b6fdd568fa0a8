/** Runs a chart's templates (Helm's engine): include and tpl, their limits, and Helm's form of errors. */
import { chartError } from './chart/error.ts'
import { quote } from './go/strconv.ts'
import { compareStrings, typed } from './go/value.ts'
import type { Renderable } from './scope.ts'
import { chartMessage, FuncError, TemplateError } from './template/errors.ts'
import { type FuncTable, func } from './template/func.ts'
import { TemplateSet } from './template/set.ts'

/** Helm allows 1000 of one name; this is what JavaScript's stack holds of the heaviest kind. */
const MAX_NESTED_INCLUDES = 200
/** The name that Helm gives to its root template, and so to every text that `tpl` renders. */
const ROOT = 'gotpl'

/** Go prints this for a nil, and Helm removes it wherever it is. */
const clean = (text: string) => text.replaceAll('<no value>', '')

/** Output by template name. Throws a DevenvError CHART_INVALID whose cause is the TemplateError. */
export function renderTemplates(templates: Renderable[], funcs: FuncTable): Map<string, string> {
  const set = new BoundSet(funcs)
  const ordered = [...templates].sort((a, b) => -comparePaths(a.name, b.name))
  for (const { name, text } of ordered) {
    try {
      set.parse(name, text)
    } catch (error) {
      throw parseFailure(error)
    }
  }
  const out = new Map<string, string>()
  for (const { name, data, basePath } of ordered) {
    if ((name.split('/').pop() ?? '').startsWith('_')) continue
    data.set(
      'Template',
      typed(
        new Map([
          ['Name', name],
          ['BasePath', basePath],
        ]),
        'chartutil.Values',
      ),
    )
    try {
      out.set(name, clean(set.execute(name, data)))
    } catch (error) {
      throw executionFailure(name, error)
    }
  }
  return out
}

/** Fewer folders first, then by name. Templates are parsed in the reverse order. */
function comparePaths(a: string, b: string): number {
  return a.split('/').length - b.split('/').length || compareStrings(a, b)
}

/** A set whose include and tpl see its own templates. */
class BoundSet extends TemplateSet {
  constructor(funcs: FuncTable, parent?: BoundSet, nesting = { depth: 0 }) {
    const include = (name: string, data: unknown) => {
      if (nesting.depth >= MAX_NESTED_INCLUDES) {
        throw new FuncError(
          `rendering template has a nested reference name: ${name}: unable to execute template`,
        )
      }
      nesting.depth++
      try {
        return this.execute(name, data)
      } finally {
        nesting.depth--
      }
    }
    const tpl = (text: string, data: unknown) => {
      const inner = new BoundSet({}, this, nesting)
      const tree = inContext(`cannot parse template ${quote(text)}`, () => inner.parse(ROOT, text))
      return inContext(`error during tpl function execution for ${quote(text)}`, () =>
        clean(inner.run(tree, data)),
      )
    }
    super({ ...funcs, include: func('string, any', include), tpl: func('string, any', tpl) }, parent)
  }
}

/** Puts what was being done before the message of what went wrong. */
function inContext<T>(context: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (!(error instanceof TemplateError || error instanceof FuncError)) throw error
    throw new FuncError(`${context}: ${error.message}`, { cause: error })
  }
}

/** `parse error at (file:line): what`. */
function parseFailure(error: unknown): unknown {
  if (!(error instanceof TemplateError)) return error
  const { template, line } = error.place
  return chartError(`parse error at (${template}:${line}): ${error.message.split(': ').pop()}`, error)
}

/** Go's message; for the chart's own `fail` and `required`, only the place and their words. */
function executionFailure(name: string, error: unknown): unknown {
  if (isStackOverflow(error)) return chartError(`template: ${name}: exceeded maximum template depth`, error)
  if (!(error instanceof TemplateError)) return error
  const own = chartMessage(error)
  if (own === undefined) return chartError(error.message, error)
  const { template, line, column } = error.place
  return chartError(`execution error at (${template}:${line}:${column}): ${own}`, error)
}

/** Templates that call themselves through {{template}} end here; a regular expression names the cause differently. */
function isStackOverflow(error: unknown): boolean {
  return (
    error instanceof RangeError || (error instanceof SyntaxError && error.message.includes('Stack overflow'))
  )
}
