/** The variables in scope: a stack that each block cuts back to where it began. */

export interface Binding {
  name: string
  value: unknown
  /** The static type, where it is not the value's own: an element of an untyped container. */
  type?: string | undefined
}

export class Variables {
  readonly #stack: Binding[]

  constructor(root: Binding) {
    this.#stack = [root]
  }

  get size(): number {
    return this.#stack.length
  }

  /** Drops all that were declared since the stack had this size. */
  cut(size: number): void {
    this.#stack.length = size
  }

  declare(binding: Binding): void {
    this.#stack.push(binding)
  }

  /** Gives the variable at this place of the stack, a loop's own, its next value. */
  replace(at: number, binding: Binding): void {
    this.#stack[at] = binding
  }

  /** The innermost variable of this name. */
  find(name: string): Binding | undefined {
    return this.#stack.findLast((binding) => binding.name === name)
  }

  /** Sets the innermost variable of this name. False when there is none. */
  assign(binding: Binding): boolean {
    const at = this.#stack.findLastIndex(({ name }) => name === binding.name)
    if (at >= 0) this.#stack[at] = binding
    return at >= 0
  }
}
