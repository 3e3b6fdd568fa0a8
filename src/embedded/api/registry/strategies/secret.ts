/** Secrets: stringData is merged into data and never kept. */
import type { KubeObject } from '../../../objects.ts'
import type { Strategy } from './strategy.ts'

function foldStringData(object: KubeObject): void {
  const { stringData } = object
  delete object.stringData
  if (stringData === undefined || stringData === null) return
  const encoded = Object.entries(stringData).map(([key, value]) => [
    key,
    Buffer.from(String(value)).toString('base64'),
  ])
  object.data = { ...object.data, ...Object.fromEntries(encoded) }
}

export const secretStrategy: Strategy = {
  prepareCreate: foldStringData,
  prepareUpdate: foldStringData,
}
