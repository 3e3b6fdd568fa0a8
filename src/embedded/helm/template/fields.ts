/** Reads `.name` of a map or a struct. */
import { Struct, typeOf, zeroOfElement } from '../go/value.ts'
import { ArgumentError } from './args.ts'

/** `type` is the receiver's static type where it is not its own. Throws an ArgumentError. */
export function readField(
  receiver: unknown,
  name: string,
  hasArgs: boolean,
  type: string | undefined,
): unknown {
  if (receiver instanceof Map) {
    if (hasArgs) throw new ArgumentError(`${name} is not a method but has arguments`)
    return receiver.has(name) ? (receiver.get(name) ?? null) : zeroOfElement(receiver)
  }
  const field = receiver instanceof Struct ? receiver.fields.get(name) : undefined
  if (!field) throw new ArgumentError(`can't evaluate field ${name} in type ${type ?? typeOf(receiver)}`)
  if (hasArgs) throw new ArgumentError(`${name} has arguments but cannot be invoked as function`)
  return field.value
}
