/** What `range` iterates over, and in which order. */
import { valueText } from '../go/format.ts'
import { elements, Int, int, isSlice, sortedKeys, typeOf, zeroOfElement } from '../go/value.ts'
import { ArgumentError } from './args.ts'

/** Called for each element, with the element's static type where it is an interface. True ends the loop. */
export type Iterate = (index: unknown, element: unknown, type: string | undefined) => boolean

/** Integers count up, slices go by index, maps by key in order. Throws an ArgumentError for anything else. */
export function rangeOver(value: unknown, variables: number, iterate: Iterate): void {
  if (value === undefined || value === null) return
  if (value instanceof Int) {
    if (variables > 1)
      throw new ArgumentError(`can't use ${value.value} to iterate over more than one variable`)
    for (let i = 0n; i < value.value; i++) if (iterate(undefined, new Int(value.kind, i), undefined)) return
  } else if (isSlice(value)) {
    const type = typeOf(value) === '[]interface {}' ? 'interface {}' : undefined
    const items = elements(value)
    const { length } = items
    for (let i = 0; i < length; i++) if (iterate(int(i), items[i], type)) return
  } else if (value instanceof Map) {
    const type = zeroOfElement(value) === null ? 'interface {}' : undefined
    // The body may change the map: what is ranged over is settled before.
    for (const [key, element] of sortedKeys(value).map((name) => [name, value.get(name)] as const)) {
      if (iterate(key, element, type)) return
    }
  } else {
    throw new ArgumentError(`range can't iterate over ${valueText(value)}`)
  }
}
