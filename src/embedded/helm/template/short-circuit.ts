/** and, or: marks by which the engine knows the two functions that it runs itself. */
import type { Func } from '../go/value.ts'

/** `and` and `or` evaluate their arguments only as far as needed, so the engine runs them itself. */
function engineRun(): never {
  throw new Error('and/or are run by the engine')
}
export const AND: Func = { params: ['reflect.Value', 'reflect.Value'], variadic: true, call: engineRun }
export const OR: Func = { params: ['reflect.Value', 'reflect.Value'], variadic: true, call: engineRun }
