/** Splits a condition of a metric into tokens. */

export interface Token {
  kind: 'number' | 'text' | 'name' | 'sign'
  text: string
}

const TOKEN =
  /\s*(?:(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|([A-Za-z_$][\w$]*)|(\?\?|\?\.|\*\*|==|!=|<=|>=|&&|\|\||[-+*/%^<>!?:(),[\]{}.#]))/y

/** Throws on a character that begins no token. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = []
  const text = source.trimEnd()
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex
    const match = TOKEN.exec(text)
    if (!match) throw new Error(`unrecognized character: ${JSON.stringify(text.slice(at).trimStart()[0])}`)
    const [, number, quoted, name, sign] = match
    if (number !== undefined) tokens.push({ kind: 'number', text: number })
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: unquote(quoted) })
    else if (name !== undefined) tokens.push({ kind: 'name', text: name })
    else tokens.push({ kind: 'sign', text: sign! })
  }
  return tokens
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r' }

function unquote(quoted: string): string {
  return quoted.slice(1, -1).replaceAll(/\\(.)/gs, (_whole, char: string) => ESCAPES[char] ?? char)
}
