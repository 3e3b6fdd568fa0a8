/** What goes wrong in templates: at parsing, at execution, and inside a function that a template calls. */
import { byteLength } from '../go/bytes.ts'
import { type Command, type Node, nodeText, type Operand, type Tree } from './ast.ts'

/** A function's failure. The engine adds the place and the call. */
export class FuncError extends Error {
  /** The chart's own words, from `fail` or `required`: shown without the call chain. */
  readonly byChart: boolean

  constructor(message: string, { byChart = false, cause }: { byChart?: boolean; cause?: unknown } = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.byChart = byChart
  }
}

/** Where in which template something failed. */
export interface Place {
  template: string
  /** From 1. */
  line: number
  /** Bytes from the line's start, as Go counts; absent for parse errors. */
  column?: number
  /** The expression at fault; absent for parse errors. */
  expression?: string
}

/** A template that cannot be parsed or executed. The message has Go's form. */
export class TemplateError extends Error {
  readonly place: Place

  constructor(message: string, place: Place, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.place = place
  }
}

export function parseError(file: string, line: number, message: string): TemplateError {
  return new TemplateError(`template: ${file}:${line}: ${message}`, { template: file, line })
}

/** An execution error at a node of a tree. */
export function execError(
  tree: Tree,
  node: Node | Operand | Command,
  message: string,
  cause?: unknown,
): TemplateError {
  const before = tree.text.slice(0, node.pos)
  const lineStart = before.lastIndexOf('\n') + 1
  const line = before.split('\n').length
  const column = byteLength(before.slice(lineStart))
  const expression = nodeText(node)
  const at = `${tree.file}:${line}:${column}`
  return new TemplateError(
    `template: ${at}: executing ${JSON.stringify(tree.name)} at <${expression}>: ${message}`,
    { template: tree.file, line, column, expression },
    cause,
  )
}

/** The chart's own message behind an error, if `fail` or `required` raised it. */
export function chartMessage(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof FuncError && at.byChart) return at.message
  }
  return undefined
}
