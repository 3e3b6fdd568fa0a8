/** A group of templates that call one another by name, and the functions they share. */

import { quote } from '../go/strconv.ts'
import type { Func } from '../go/value.ts'
import type { Tree } from './ast.ts'
import { FuncError } from './errors.ts'
import { execute } from './eval.ts'
import type { FuncTable } from './func.ts'
import { isEmptyTree, parseTemplate } from './parse.ts'
import type { Scope } from './scope.ts'

export class TemplateSet implements Scope {
  readonly #trees = new Map<string, Tree>()
  readonly #funcs: FuncTable
  readonly #parent: TemplateSet | undefined

  /** With a parent, the set starts with the parent's templates and functions, and changes neither. */
  constructor(funcs: FuncTable, parent?: TemplateSet) {
    this.#funcs = funcs
    this.#parent = parent
  }

  lookup(name: string): Tree | undefined {
    return this.#trees.get(name) ?? this.#parent?.lookup(name)
  }

  func(name: string): Func | undefined {
    return Object.hasOwn(this.#funcs, name) ? this.#funcs[name] : this.#parent?.func(name)
  }

  /**
   * Parses a file, adds its templates and returns its own. A later definition replaces an earlier one unless it is
   * empty.
   */
  parse(file: string, text: string): Tree {
    const trees = parseTemplate(file, text, (called) => this.func(called) !== undefined)
    for (const [name, tree] of trees) {
      if (this.lookup(name) && isEmptyTree(tree.root)) continue
      this.#trees.set(name, tree)
    }
    return trees.get(file) as Tree
  }

  /** The output of the named template. */
  execute(name: string, data: unknown): string {
    const tree = this.lookup(name)
    if (!tree) throw new FuncError(`template: no template ${quote(name)} associated with template "gotpl"`)
    return this.run(tree, data)
  }

  /** The output of a template of this set. */
  run(tree: Tree, data: unknown): string {
    return execute(this, tree, data)
  }
}
