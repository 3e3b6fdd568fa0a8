/** Sprig's dictionary functions. */
import { deepCopy } from '../go/plain.ts'
import { type GoMap, isNil, typed, typeOf } from '../go/value.ts'
import { FuncError } from '../template/errors.ts'
import { type FuncTable, func } from '../template/func.ts'
import { toText } from './cast.ts'
import { mergeMaps } from './merge.ts'

function dict(...pairs: unknown[]): GoMap {
  const map: GoMap = new Map()
  for (let i = 0; i < pairs.length; i += 2)
    map.set(toText(pairs[i]), i + 1 < pairs.length ? pairs[i + 1] : '')
  return map
}

function set(map: GoMap, key: string, value: unknown): GoMap {
  if (isNil(map)) throw new FuncError('assignment to entry in nil map')
  return map.set(key, value)
}

function unset(map: GoMap, key: string): GoMap {
  map.delete(key)
  return map
}

function pick(map: GoMap, ...keys: unknown[]): GoMap {
  return new Map([...map].filter(([key]) => keys.includes(key)))
}

function omit(map: GoMap, ...keys: unknown[]): GoMap {
  return new Map([...map].filter(([key]) => !keys.includes(key)))
}

/** Go fails when it must take a value for a type that it does not have. */
function conversion(value: unknown, type: string): FuncError {
  const actual = value === null || value === undefined ? 'nil' : typeOf(value)
  return new FuncError(`interface conversion: interface {} is ${actual}, not ${type}`)
}

function dig(...args: unknown[]): unknown {
  if (args.length < 3) throw new FuncError('dig needs at least three arguments')
  const fallback = args.at(-2)
  let at = args.at(-1)
  for (const key of args.slice(0, -2)) {
    if (!(at instanceof Map)) throw conversion(at, 'map[string]interface {}')
    if (typeof key !== 'string') throw conversion(key, 'string')
    if (!at.has(key)) return fallback
    at = at.get(key)
  }
  return at
}

function merger(overwrite: boolean): (target: GoMap, ...sources: GoMap[]) => GoMap {
  return (target, ...sources) => {
    for (const source of sources) mergeMaps(target, source, overwrite)
    return target
  }
}

const merge = func('map, ...map', merger(false))
const mergeOverwrite = func('map, ...map', merger(true))
const copy = func('any', (value) => {
  if (value === null || value === undefined) {
    throw new FuncError('reflect: call of reflect.Value.Type on zero Value')
  }
  return deepCopy(value)
})

export const dicts: FuncTable = {
  dict: func('...any', dict),
  get: func('map, string', (map: GoMap, key) => (map.has(key) ? map.get(key) : '')),
  set: func('map, string, any', set),
  unset: func('map, string', unset),
  hasKey: func('map, string', (map: GoMap, key) => map.has(key)),
  pluck: func('string, ...map', (key, ...maps: GoMap[]) =>
    maps.filter((map) => map.has(key)).map((map) => map.get(key)),
  ),
  keys: func('...map', (...maps: GoMap[]) =>
    typed(
      maps.flatMap((map) => [...map.keys()]),
      '[]string',
    ),
  ),
  values: func('map', (map: GoMap) => [...map.values()]),
  pick: func('map, ...string', pick),
  omit: func('map, ...string', omit),
  dig: func('...any', dig),
  merge,
  mustMerge: merge,
  mergeOverwrite,
  mustMergeOverwrite: mergeOverwrite,
  deepCopy: copy,
  mustDeepCopy: copy,
}
