/** Sprig's default, empty, coalesce and their kin, and its reflection. */
import { kindOf, typeOf } from '../go/value.ts'
import { type FuncTable, func } from '../template/func.ts'
import { isEmpty } from './cast.ts'
import { deepEqual } from './equal.ts'

export const defaults: FuncTable = {
  default: func('any, ...any', (fallback, ...given) => (isEmpty(given[0]) ? fallback : given[0])),
  empty: func('any', isEmpty),
  coalesce: func('...any', (...values) => values.find((value) => !isEmpty(value)) ?? null),
  all: func('...any', (...values) => values.every((value) => !isEmpty(value))),
  any: func('...any', (...values) => values.some((value) => !isEmpty(value))),
  ternary: func('any, any, bool', (whenTrue, whenFalse, test) => (test ? whenTrue : whenFalse)),
  typeOf: func('any', typeOf),
  typeIs: func('string, any', (target, value) => target === typeOf(value)),
  typeIsLike: func('string, any', (target, value) => [target, `*${target}`].includes(typeOf(value))),
  kindOf: func('any', kindOf),
  kindIs: func('string, any', (target, value) => target === kindOf(value)),
  deepEqual: func('any, any', deepEqual),
}
