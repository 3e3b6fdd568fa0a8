/** Values as Erlang source text, for configuration files. */

/** An atom, quoted whenever it could be read as something else. */
export function atom(name: string): string {
  return /^[a-z][A-Za-z0-9_@]*$/.test(name) ? name : `'${name.replaceAll(/['\\]/g, '\\$&')}'`
}

/** A UTF-8 binary: `<<"text"/utf8>>`. */
export function binary(text: string): string {
  return `<<"${escaped(text)}"/utf8>>`
}

/** A string: `"text"`. */
export function string(text: string): string {
  return `"${escaped(text)}"`
}

function escaped(text: string): string {
  return [...text]
    .map((letter) => {
      if (letter === '"' || letter === '\\') return `\\${letter}`
      const code = letter.codePointAt(0)!
      return code < 32 || code > 126 ? `\\x{${code.toString(16)}}` : letter
    })
    .join('')
}
