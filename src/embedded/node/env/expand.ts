/** `$(VAR)` in env values, commands and arguments (third_party/forked/golang/expansion). */

/** Replaces `$(NAME)` by its value; an unknown name stays as written, `$$` is a literal `$`. */
export function expand(text: string, lookup: (name: string) => string | undefined): string {
  let out = ''
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== '$' || at + 1 === text.length) {
      out += text[at]
      continue
    }
    const next = text[at + 1]
    if (next === '$') {
      out += '$'
      at++
      continue
    }
    const close = next === '(' ? text.indexOf(')', at + 2) : -1
    if (close < 0) {
      out += '$'
      continue
    }
    const name = text.slice(at + 2, close)
    out += lookup(name) ?? `$(${name})`
    at = close
  }
  return out
}
