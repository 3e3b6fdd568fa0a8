/** Turns the Vault seed into values: literals as they are, generated ones made once per environment. */
import { randomInt } from 'node:crypto'
import type { GeneratedValue, VaultSeed } from '../../config/seeds.ts'

/** Values by ref, kept in the environment's private state: the same name gives the same value for its whole life. */
export type KnownValues = Record<string, string>

export interface SeededSecrets {
  /** Path below the mount → key → value. */
  paths: Record<string, Record<string, string>>
  /** All values with a ref, those given and those made now. */
  values: KnownValues
}

const ALPHABETS = {
  password: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
  token: '0123456789abcdef',
}

/** Values without a ref are keyed by path and key, so that they too stay the same on the next `up`. */
export function generateSecrets(seed: VaultSeed, known: KnownValues): SeededSecrets {
  const values: KnownValues = { ...known }
  const paths: SeededSecrets['paths'] = {}
  for (const [path, entries] of Object.entries(seed.paths)) {
    paths[path] = {}
    for (const [key, entry] of Object.entries(entries)) {
      if (typeof entry === 'string') {
        paths[path][key] = entry
        continue
      }
      const ref = entry.ref ?? `${path}/${key}`
      values[ref] = 'value' in entry ? entry.value : (values[ref] ?? freshValue(entry))
      paths[path][key] = values[ref]
    }
  }
  return { paths, values }
}

/** A new value of the kind that the seed asks for. */
export function freshValue({ generate, length, prefix = '' }: GeneratedValue): string {
  return prefix + randomText(ALPHABETS[generate], length)
}

function randomText(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')
}
