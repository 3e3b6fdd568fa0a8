/** The order in which go-yaml writes a map's keys: natural, so that a2 comes before a10. */

// V8 takes milliseconds to compile a class of all letters: keys that are ASCII never need one.
const isLetter = (char: string) => (char < '\x80' ? /^[a-z]$/i.test(char) : /^\p{L}$/u.test(char))
const isDigit = (char: string) => (char < '\x80' ? /^[0-9]$/.test(char) : /^\p{Nd}$/u.test(char))
const ASCII_WORD = /^[a-z]*$/i

export function compareKeys(a: string, b: string): number {
  if (ASCII_WORD.test(a) && ASCII_WORD.test(b)) return a < b ? -1 : a > b ? 1 : 0
  const x = [...a]
  const y = [...b]
  for (let i = 0; i < x.length && i < y.length; i++) {
    const p = x[i] ?? ''
    const q = y[i] ?? ''
    if (p !== q) return compareAt(x, y, i, p, q)
  }
  return x.length - y.length
}

/** The order of two keys that first differ at `i`, where they have `p` and `q`. */
function compareAt(x: string[], y: string[], i: number, p: string, q: string): number {
  const pLetter = isLetter(p)
  const qLetter = isLetter(q)
  const byCode = (p.codePointAt(0) ?? 0) - (q.codePointAt(0) ?? 0)
  if (pLetter && qLetter) return byCode
  if (pLetter || qLetter) return qLetter ? -1 : 1
  // Zeros after other digits are part of a number, not its padding.
  let start = 0
  if (p === '0' || q === '0') {
    for (let j = i - 1; j >= 0 && isDigit(x[j] ?? ''); j--) {
      if (x[j] !== '0') {
        start = 1
        break
      }
    }
  }
  const left = number(x, i, start)
  const right = number(y, i, start)
  return left.value - right.value || left.end - right.end || byCode
}

function number(chars: string[], from: number, start: number): { value: number; end: number } {
  let value = start
  let end = from
  for (; end < chars.length && isDigit(chars[end] ?? ''); end++) {
    value = value * 10 + ((chars[end] ?? '0').charCodeAt(0) - 48)
  }
  return { value, end }
}
