/** A Secret object's data, decoded and encoded. */
import type { KubeObject } from '../../../objects.ts'
import type { SecretData } from '../types.ts'

export function decodedData(secret: KubeObject | undefined): SecretData {
  return mapValues(secret?.data ?? {}, (value: string) => Buffer.from(value, 'base64'))
}

export function encodedData(data: SecretData): Record<string, string> {
  return mapValues(data, (value) => value.toString('base64'))
}

function mapValues<From, To>(map: Record<string, From>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]))
}
