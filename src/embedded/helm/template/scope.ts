/** The templates and functions around an execution. */
import type { Func } from '../go/value.ts'
import type { Tree } from './ast.ts'

/** What an execution needs of the templates around it. */
export interface Scope {
  lookup(name: string): Tree | undefined
  func(name: string): Func | undefined
}
