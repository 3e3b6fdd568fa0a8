/** The hashes that the operator leaves on objects, over Go's printed form of maps. */
import { createHash } from 'node:crypto'
import type { KubeObject } from '../../../objects.ts'
import type { SecretData } from '../types.ts'

/** SHA3-224 in hex: 56 characters. */
export const sha3 = (text: string) => createHash('sha3-224').update(text).digest('hex')

/** Of `map[key:[1 2 3] …]`: bytes in decimal, keys sorted. */
export function dataHash(data: SecretData): string {
  return sha3(printMap(data, (bytes) => `[${[...bytes].join(' ')}]`))
}

/** `<generation>-<hash of labels and annotations>`: what an ExternalSecret was synced for. */
export function resourceVersionKey({ metadata }: Pick<KubeObject, 'metadata'>): string {
  const print = (map: Record<string, string> | undefined) => printMap(map ?? {}, (value) => value)
  const text = `{annotations:${print(metadata.annotations)} labels:${print(metadata.labels)}}`
  return `${metadata.generation ?? 0}-${sha3(text)}`
}

function printMap<Value>(map: Record<string, Value>, print: (value: Value) => string): string {
  const entries = Object.keys(map)
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map((key) => `${key}:${print(map[key]!)}`)
  return `map[${entries.join(' ')}]`
}
