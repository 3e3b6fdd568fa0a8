/** The template engine of `target.template`: the Go templates and Sprig functions of the Helm renderer. */
import { allFunctions } from '../../../helm/funcs/index.ts'
import { typed } from '../../../helm/go/value.ts'
import { FuncError } from '../../../helm/template/errors.ts'
import { TemplateSet } from '../../../helm/template/set.ts'
import type { TemplateEngine } from './template.ts'

const NAME = 'template'

export const renderGoTemplate: TemplateEngine = (template, data) => {
  const set = new TemplateSet(allFunctions(undefined))
  set.parse(NAME, template)
  // A template without any text or action defines nothing.
  return set.lookup(NAME)
    ? set.execute(NAME, typed(new StrictMap(Object.entries(data)), 'map[string]string'))
    : ''
}

/** missingkey=error: Helm's engine reads a missing field as the zero value, this operator's refuses it. */
class StrictMap extends Map<string, string> {
  override has(key: string): boolean {
    if (super.has(key)) return true
    throw new FuncError(`map has no entry for key "${key}"`)
  }

  override get(key: string): string | undefined {
    this.has(key)
    return super.get(key)
  }
}
