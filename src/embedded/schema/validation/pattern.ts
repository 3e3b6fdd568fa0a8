/** Patterns of schemas are RE2 (`(?i)`, `\z`), not ECMAScript; that engine is loaded with the first pattern. */
import { createRequire } from 'node:module'
import type * as Re2 from 're2js'

const require = createRequire(import.meta.url)
const compiled = new Map<string, Re2.RE2JS>()

/** True when `text` contains a match of the RE2 `pattern`. */
export function matchesPattern(pattern: string, text: string): boolean {
  let expression = compiled.get(pattern)
  if (!expression) {
    const { RE2JS }: typeof Re2 = require('re2js')
    expression = RE2JS.compile(pattern)
    compiled.set(pattern, expression)
  }
  return expression.matcher(text).find()
}
