/** Taking secrets out of text: known values in every form that they travel in, and what looks like one. Pure. */

/** Shorter values would tear ordinary words apart; a Secret's own data is left out whatever its length. */
const SHORTEST = 4
/** Lines of a key or certificate are secrets of their own. */
const SHORTEST_LINE = 20
const MARK = '«redacted»'
/**
 * Letters of one pattern, at most: a Secret may hold a megabyte (a Helm release does), and an expression of that size is
 * refused, with all of its text in the error.
 */
const LONGEST_PATTERN = 20_000

const PATTERNS: [RegExp, string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g, MARK],
  [/\b(hvs|hvb|s)\.[A-Za-z0-9_-]{18,}/g, MARK],
  [/\b(Bearer|Basic) +[A-Za-z0-9._~+/=-]{8,}/gi, `$1 ${MARK}`],
  // A Vault in dev mode prints it as it starts.
  [/\b((?:Unseal Key|Root Token)(?: \d+)?: *)\S+/g, `$1${MARK}`],
  [/(:\/\/[^\s:/@"']+:)[^\s@"'/]+@/g, `$1${MARK}@`],
]

export interface Redactor {
  redact(text: string): string
  /** How many replacements there were so far. */
  count(): number
}

/**
 * Replaces every secret value, plain, as JSON, URL-encoded and in base64, and what looks like a credential.
 * `published` are values that the environment itself shows (a ConfigMap's): they are no secrets.
 */
export function redactor(secrets: Iterable<string>, published: Iterable<string> = []): Redactor {
  const shown = new Set(published)
  const forms = new Set<string>()
  for (const secret of secrets) {
    if (shown.has(secret)) continue
    for (const part of [secret, ...lines(secret)]) for (const form of formsOf(part)) forms.add(form)
  }
  // The longest first: a value may be a part of another one.
  const known = patternsOf([...forms].sort((a, b) => b.length - a.length))
  let count = 0
  const replace = (text: string, pattern: RegExp | string, by: string) =>
    text.replaceAll(pattern, (...match) => {
      count++
      return by.replace('$1', match[1] as string)
    })
  return {
    redact(text) {
      const clean = known.reduce<string>((rest, pattern) => replace(rest, pattern, MARK), text)
      return PATTERNS.reduce<string>((rest, [pattern, by]) => replace(rest, pattern, by), clean)
    },
    count: () => count,
  }
}

/** The same order in as few patterns as their size allows; what is longer than one is looked for as it is. */
function patternsOf(forms: string[]): (RegExp | string)[] {
  const patterns: (RegExp | string)[] = []
  let alternatives: string[] = []
  let letters = 0
  const close = () => {
    if (alternatives.length > 0) patterns.push(new RegExp(alternatives.join('|'), 'g'))
    alternatives = []
    letters = 0
  }
  for (const form of forms) {
    const alternative = escaped(form)
    if (alternative.length > LONGEST_PATTERN) {
      patterns.push(form)
      continue
    }
    if (letters + alternative.length > LONGEST_PATTERN) close()
    alternatives.push(alternative)
    letters += alternative.length
  }
  close()
  return patterns
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function lines(secret: string): string[] {
  return secret.includes('\n') ? secret.split('\n').filter((line) => line.length >= SHORTEST_LINE) : []
}

function formsOf(value: string): string[] {
  if (value.trim().length < SHORTEST) return []
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    // Inside a longer text base64 depends on what comes before: the three ways that this value can fall.
    ...[0, 1, 2].map((offset) => base64Core(value, offset)).filter((form) => form.length >= 2 * SHORTEST),
    Buffer.from(value).toString('base64'),
  ]
}

/** The letters of base64 that this value alone decides when `offset` bytes come before it. */
function base64Core(value: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)])
  const whole = bytes.toString('base64').replace(/=+$/, '')
  const first = Math.ceil((offset * 8) / 6)
  const last = Math.floor((bytes.length * 8) / 6)
  return whole.slice(first, last)
}
