/** The functions that Kubernetes adds to CEL and that need no types of their own. */
import { isIP } from 'node:net'
import type * as Cel from '@bufbuild/cel'
import { isQuantity } from '../../../lib/quantity.ts'

/** Lists, regular expressions and the `is…` predicates (k8s.io/apiserver pkg/cel/library). */
export function kubernetesFunctions(cel: typeof Cel): Cel.CelFunc[] {
  const { celFunc, celMethod, listType, CelScalar } = cel
  const { STRING, BOOL, INT, DYN } = CelScalar
  const list = listType(DYN)
  const predicate = (name: string, test: (text: string) => boolean) => celFunc(name, [STRING], BOOL, test)
  const position = (name: string, find: (items: unknown[], wanted: unknown) => number) =>
    celMethod(name, list, [DYN], INT, function (wanted) {
      return BigInt(find([...this], wanted))
    })
  const pick = (name: string, better: (a: any, b: any) => boolean) =>
    celMethod(name, list, [], DYN, function () {
      return [...this].reduce((best, item) => (better(item, best) ? item : best))
    })
  return [
    predicate('isURL', (text) => URL.canParse(text)),
    predicate('isIP', (text) => isIP(text) !== 0),
    predicate('isCIDR', (text) => /^[^/]+\/\d{1,3}$/.test(text) && isIP(text.split('/')[0]!) !== 0),
    predicate('isQuantity', isQuantity),
    celMethod('find', STRING, [STRING], STRING, function (pattern) {
      return new RegExp(pattern).exec(this)?.[0] ?? ''
    }),
    celMethod('findAll', STRING, [STRING], listType(STRING), function (pattern) {
      return this.match(new RegExp(pattern, 'g')) ?? []
    }),
    position('indexOf', (items, wanted) => items.indexOf(wanted)),
    position('lastIndexOf', (items, wanted) => items.lastIndexOf(wanted)),
    pick('min', (a, b) => a < b),
    pick('max', (a, b) => a > b),
    celMethod('isSorted', list, [], BOOL, function () {
      const items: any[] = [...this]
      return items.every((item, at) => at === 0 || items[at - 1] <= item)
    }),
    celMethod('sum', list, [], DYN, function () {
      const items: any[] = [...this]
      return items.length ? items.reduce((total, item) => total + item) : 0n
    }),
  ]
}
