/** Keys of a Secret: converting what a provider calls them, and refusing what Kubernetes would refuse. */
import type { SecretData } from '../types.ts'

const ALLOWED = /[\p{L}\p{N}\-._]/u
const MAX_LENGTH = 253

/** Default: other characters become `_`; Unicode: `_U0020_`. Throws when two keys become one. */
export function convertKeys(data: SecretData, strategy: 'Default' | 'Unicode' = 'Default'): SecretData {
  const result: SecretData = {}
  for (const [key, value] of Object.entries(data)) {
    const converted = [...key]
      .map((char) => (ALLOWED.test(char) ? char : replacement(char, strategy)))
      .join('')
    if (converted in result) throw new Error(`secret name collision during conversion: ${converted}`)
    result[converted] = value
  }
  return result
}

function replacement(char: string, strategy: 'Default' | 'Unicode'): string {
  if (strategy === 'Default') return '_'
  return `_U${char.codePointAt(0)!.toString(16).padStart(4, '0')}_`
}

/** Empty keys are dropped, all others must be valid. */
export function checkKeys(data: SecretData): SecretData {
  const kept = Object.entries(data).filter(([key]) => key !== '')
  for (const [key] of kept) {
    const problem = keyProblem(key)
    if (problem) {
      throw new Error(
        `invalid secret keys (TIP: use rewrite or conversionStrategy to change keys): ${problem}`,
      )
    }
  }
  return Object.fromEntries(kept)
}

function keyProblem(key: string): string | undefined {
  if (key.length > MAX_LENGTH) return `key has length ${key.length} but max is ${MAX_LENGTH}: ${key}`
  const bad = /[^-._a-zA-Z0-9]/u.exec(key)?.[0]
  return bad
    ? `key has invalid character ${bad}, only alphanumeric, '-', '.' and '_' are allowed: ${key}`
    : undefined
}
