/** Fields that a JSON text has twice: JSON.parse keeps the last and says nothing. */

/** Paths of duplicate fields, `spec.bar`, `spec.containers[0].name`, of a text that is known to be JSON. */
export function duplicateFields(text: string): string[] {
  const found = new Set<string>()
  let at = 0

  function space(): void {
    while (at < text.length && text.charCodeAt(at) <= 32) at++
  }
  function string(): string {
    const start = at++
    while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
    at++
    return text.slice(start, at)
  }
  function value(path: string): void {
    space()
    const first = text[at]
    if (first === '{') object(path)
    else if (first === '[') array(path)
    else if (first === '"') string()
    else while (at < text.length && !',]}'.includes(text[at]!)) at++
    space()
  }
  function object(path: string): void {
    const seen = new Set<string>()
    at++
    space()
    while (text[at] !== '}') {
      const key = JSON.parse(string()) as string
      const field = path ? `${path}.${key}` : key
      if (seen.has(key)) found.add(field)
      seen.add(key)
      space()
      at++
      value(field)
      if (text[at] === ',') at++
      space()
    }
    at++
  }
  function array(path: string): void {
    at++
    space()
    for (let index = 0; text[at] !== ']'; index++) {
      value(`${path}[${index}]`)
      if (text[at] === ',') at++
    }
    at++
  }

  value('')
  return [...found]
}
