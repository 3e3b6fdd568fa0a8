/** The one operation of defaulting: give a field a value where it has none. */

/** Any object while defaults are applied to it; its shape is what validation has yet to confirm. */
export type Loose = Record<string, any>

/** Sets each field of `values` that `target` lacks. */
export function fill(target: Loose, values: Loose): void {
  for (const [name, value] of Object.entries(values)) {
    if (target[name] === undefined || target[name] === null) target[name] = value
  }
}

/** Like fill, but a zero value counts as absent too: for Go fields that are not pointers. */
export function fillZero(target: Loose, values: Loose): void {
  for (const [name, value] of Object.entries(values)) if (!target[name]) target[name] = value
}

/** The items of a list field that are objects; nothing when the field is absent or of the wrong type. */
export function items(target: Loose | undefined, name: string): Loose[] {
  const list = target?.[name]
  return Array.isArray(list) ? list.filter((item) => typeof item === 'object' && item !== null) : []
}

/** A struct field, if the object has it. */
export function struct(target: Loose | undefined, name: string): Loose | undefined {
  const value = target?.[name]
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
}
