/** Declares functions for templates with the parameter types that Go would check. */
import type { Func, ParamType } from '../go/value.ts'

const SHORT: Record<string, ParamType> = {
  any: 'interface {}',
  value: 'reflect.Value',
  map: 'map[string]interface {}',
  list: '[]interface {}',
  time: 'time.Time',
  cert: 'sprig.certificate',
}

/** `signature` lists parameter types, such as `string, int, ...any`; any, value, map, list, time, cert are short forms. */
export function func(signature: string, call: (...args: any[]) => unknown): Func {
  const names = signature === '' ? [] : signature.split(', ')
  const variadic = names.at(-1)?.startsWith('...') ?? false
  const params = names.map((name) => {
    const bare = name.replace('...', '')
    return SHORT[bare] ?? (bare as ParamType)
  })
  return { params, variadic, call }
}

export type FuncTable = Record<string, Func>
