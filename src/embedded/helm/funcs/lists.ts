/** Sprig's list functions. Each `mustX` is `X`: both fail alike in a template. */
import { type Int, isNil, isSlice, kindOf, nilOf, typed, typeOf } from '../go/value.ts'
import { FuncError } from '../template/errors.ts'
import { type FuncTable, func } from '../template/func.ts'
import { isEmpty, listOf, toNumber } from './cast.ts'
import { deepEqual } from './equal.ts'

const nilSlice = (): unknown[] => nilOf([])
const contains = (list: unknown[], item: unknown) => list.some((other) => deepEqual(item, other))

function uniq(list: unknown): unknown[] {
  const out: unknown[] = []
  for (const item of listOf(list, 'Cannot find uniq on type')) if (!contains(out, item)) out.push(item)
  return out
}

function slice(list: unknown, ...bounds: unknown[]): unknown {
  const items = listOf(list, 'list should be type of slice or array but')
  if (items.length === 0) return null
  const start = bounds.length > 0 ? toNumber(bounds[0]) : 0
  const end = bounds.length > 1 ? toNumber(bounds[1]) : items.length
  if (start < 0 || end > items.length || start > end)
    throw new FuncError('reflect.Value.Slice: slice index out of bounds')
  return typed(items.slice(start, end), typeOf(list))
}

function chunk(size: Int, list: unknown): unknown[] {
  const items = listOf(list, 'Cannot chunk type')
  const width = Number(size.value)
  if (width <= 0) throw new FuncError('runtime error: makeslice: len out of range')
  const out: unknown[] = []
  for (let i = 0; i < items.length; i += width) out.push(items.slice(i, i + width))
  return typed(out, '[][]interface {}')
}

function concat(...lists: unknown[]): unknown[] {
  const out = lists.flatMap((list) => {
    if (isSlice(list)) return listOf(list, '')
    if (isNil(list)) throw new FuncError('runtime error: invalid memory address or nil pointer dereference')
    throw new FuncError(`Cannot concat type ${kindOf(list)} as list`)
  })
  return out.length === 0 ? nilSlice() : out
}

function has(needle: unknown, haystack: unknown): boolean {
  if (haystack === null || haystack === undefined) return false
  return contains(listOf(haystack, 'Cannot find has on type'), needle)
}

const list = func('...any', (...items) => [...items])
const first = func('any', (items) => listOf(items, 'Cannot find first on type')[0] ?? null)
const last = func('any', (items) => listOf(items, 'Cannot find last on type').at(-1) ?? null)
const rest = func('any', (items) => {
  const all = listOf(items, 'Cannot find rest on type')
  return all.length === 0 ? nilSlice() : all.slice(1)
})
const initial = func('any', (items) => {
  const all = listOf(items, 'Cannot find initial on type')
  return all.length === 0 ? nilSlice() : all.slice(0, -1)
})
const append = func('any, any', (items, item) => [...listOf(items, 'Cannot push on type'), item])
const prepend = func('any, any', (items, item) => [item, ...listOf(items, 'Cannot prepend on type')])
const reverse = func('any', (items) => [...listOf(items, 'Cannot find reverse on type')].reverse())
const compact = func('any', (items) =>
  listOf(items, 'Cannot compact on type').filter((item) => !isEmpty(item)),
)
const without = func('any, ...any', (items, ...omit) =>
  listOf(items, 'Cannot find without on type').filter((item) => !contains(omit, item)),
)
const sliceFunc = func('any, ...any', slice)
const chunkFunc = func('int, any', chunk)
const uniqFunc = func('any', uniq)
const hasFunc = func('any, any', has)

export const lists: FuncTable = {
  list,
  tuple: list,
  first,
  mustFirst: first,
  last,
  mustLast: last,
  rest,
  mustRest: rest,
  initial,
  mustInitial: initial,
  append,
  push: append,
  mustAppend: append,
  mustPush: append,
  prepend,
  mustPrepend: prepend,
  reverse,
  mustReverse: reverse,
  compact,
  mustCompact: compact,
  uniq: uniqFunc,
  mustUniq: uniqFunc,
  without,
  mustWithout: without,
  has: hasFunc,
  mustHas: hasFunc,
  slice: sliceFunc,
  mustSlice: sliceFunc,
  chunk: chunkFunc,
  mustChunk: chunkFunc,
  concat: func('...any', concat),
}
