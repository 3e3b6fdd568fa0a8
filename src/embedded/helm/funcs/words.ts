/** Splits identifiers into words and writes them in another case (snake, kebab, Pascal). */

type WordType = 'connector' | 'punct' | 'upper' | 'alphabet' | 'number' | 'other'

const isConnector = (char: string) => char === '-' || char === '_' || /\s/.test(char)
const isUpper = (char: string) => /\p{Lu}/u.test(char)
const isLetter = (char: string) => /\p{L}/u.test(char)
const isNumber = (char: string) => /\p{N}/u.test(char)
const isPunct = (char: string) => /\p{P}/u.test(char)

interface Word {
  type: WordType
  text: string
}

/** A run of one kind; `HTTPStatus` is HTTP and Status. */
function splitWords(text: string): Word[] {
  const chars = [...text]
  const words: Word[] = []
  for (let i = 0; i < chars.length; ) {
    const word = readWord(chars, i)
    words.push(word)
    i += [...word.text].length
  }
  return words
}

function readWord(chars: string[], start: number): Word {
  const run = (from: number, matches: (char: string) => boolean) => {
    let end = from
    while (end < chars.length && matches(chars[end] ?? '')) end++
    return end
  }
  const word = (type: WordType, end: number): Word => ({ type, text: chars.slice(start, end).join('') })
  const first = chars[start] ?? ''
  const lowerLetter = (char: string) => isLetter(char) && !isUpper(char)
  if (isConnector(first)) return word('connector', run(start, isConnector))
  if (isPunct(first)) return word('punct', run(start, isPunct))
  if (isUpper(first)) {
    const end = run(start, isUpper)
    if (end === start + 1) return word('upper', run(end, lowerLetter))
    const beforeLower = end < chars.length && isLetter(chars[end] ?? '')
    return word('upper', beforeLower ? end - 1 : end)
  }
  if (isLetter(first)) return word('alphabet', run(start, lowerLetter))
  if (isNumber(first)) return word('number', run(start, isNumber))
  return word(
    'other',
    run(start, (char) => !(isConnector(char) || isLetter(char) || isNumber(char) || isPunct(char))),
  )
}

/** `FirstName99` as first_name99, with this connector. */
export function joinWords(text: string, connector: string): string {
  const words = splitWords(text)
  let out = ''
  const write = (word: Word) => {
    if (word.type === 'connector') out += connector.repeat([...word.text].length)
    else out += word.type === 'upper' ? word.text.toLowerCase() : word.text
  }
  const separates = (word: Word | undefined) => word && word.type !== 'punct' && word.type !== 'connector'
  let i = 0
  const wordRun = () => {
    for (let next = words[i]; next && (next.type === 'alphabet' || next.type === 'number'); next = words[++i])
      write(next)
    if (separates(words[i])) out += connector
  }
  while (i < words.length - 1) {
    const word = words[i] as Word
    i++
    if (word.type !== 'connector') write(word)
    if (word.type === 'number') wordRun()
    else if (word.type === 'connector') write(word)
    else if (word.type !== 'punct') {
      const next = words[i] as Word
      if (next.type !== 'number') {
        if (separates(next)) out += connector
      } else if (i < words.length - 1) {
        i++
        const after = words[i] as Word
        if (after.type === 'alphabet') {
          // A number that lower-case letters follow starts a word: HTTP2xx is http_2xx.
          out += connector
          write(next)
          wordRun()
        } else {
          write(next)
          if (separates(after)) out += connector
        }
      }
    }
  }
  const last = words[i]
  if (last) write(last)
  return out
}

/** `http_server` as HttpServer. Leading connectors stay. */
export function pascalCase(text: string): string {
  const chars = [...text]
  let out = ''
  let i = 0
  while (i < chars.length && isConnector(chars[i] ?? '')) out += chars[i++]
  if (i >= chars.length) return out
  let firstUpper = isUpper(chars[i] ?? '')
  let current = (chars[i] ?? '').toUpperCase()
  for (i++; i < chars.length; i++) {
    const previous = current
    current = chars[i] ?? ''
    if (isConnector(current) && isConnector(previous)) {
      out += previous
      continue
    }
    if (isConnector(previous)) {
      firstUpper = isUpper(current)
      current = current.toUpperCase()
    } else {
      if (firstUpper) {
        if (isUpper(current)) current = current.toLowerCase()
        else firstUpper = false
      }
      out += previous
    }
  }
  return out + current
}
