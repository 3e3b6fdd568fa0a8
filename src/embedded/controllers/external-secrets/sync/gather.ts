/** Collects the data of an ExternalSecret: dataFrom in order, then data in order, later keys winning. */
import { messageOf } from '../../../../lib/errors.ts'
import { NoSecretError, type SecretsClient } from '../secrets-client.ts'
import type { DataFrom, DataItem, ExternalSecret, SecretData, StoreRef } from '../types.ts'
import { decodeAll } from './decode.ts'
import { checkKeys, convertKeys } from './keys.ts'
import { rewriteAll } from './rewrite.ts'
import type { TemplateEngine } from './template.ts'

export interface GatherTools {
  /** A client of the store, kept for the whole sync. */
  clientFor: (ref: StoreRef | undefined) => Promise<SecretsClient>
  render: TemplateEngine
  /** Told of entries that the provider does not have, where the deletion policy allows that. */
  missing: (message: string) => void
}

/** Throws `error processing spec.…` for the first entry that cannot be had. */
export async function gather({ spec }: ExternalSecret, tools: GatherTools): Promise<SecretData> {
  const retain = (spec.target?.deletionPolicy ?? 'Retain') === 'Retain'
  const result: SecretData = {}
  for (const [index, entry] of (spec.dataFrom ?? []).entries()) {
    const where = `spec.dataFrom[${index}]`
    const method = entry.find ? 'find' : entry.sourceRef?.generatorRef ? 'sourceRef.generatorRef' : 'extract'
    const found = await attempt(
      () => fromEntry(entry, spec.secretStoreRef, tools),
      `${where}.${method}`,
      retain ? undefined : () => tools.missing(`secret does not exist at provider using ${where}`),
    )
    Object.assign(result, found)
  }
  for (const [index, item] of (spec.data ?? []).entries()) {
    const { key } = item.remoteRef
    const found = await attempt(
      () => fromItem(item, spec.secretStoreRef, tools),
      `spec.data[${index}] (key: ${key})`,
      // Upstream says dataFrom here too.
      retain
        ? undefined
        : () => tools.missing(`secret does not exist at provider using spec.dataFrom[${index}] (key=${key})`),
    )
    Object.assign(result, found)
  }
  return result
}

async function attempt(
  fetch: () => Promise<SecretData>,
  where: string,
  skip: (() => void) | undefined,
): Promise<SecretData> {
  try {
    return await fetch()
  } catch (thrown) {
    if (thrown instanceof NoSecretError && skip) {
      skip()
      return {}
    }
    throw new Error(`error processing ${where}, err: ${messageOf(thrown)}`, { cause: thrown })
  }
}

async function fromEntry(
  entry: DataFrom,
  store: StoreRef | undefined,
  tools: GatherTools,
): Promise<SecretData> {
  if (entry.sourceRef?.generatorRef) throw new Error('generators are not available in the embedded cluster')
  const client = await tools.clientFor(entry.sourceRef?.storeRef ?? store)
  const options = entry.find ?? entry.extract!
  const fetched = entry.find
    ? await client.findSecrets(entry.find)
    : await client.getSecretMap(entry.extract!)
  const renamed = entry.rewrite?.length
    ? rewriteAll(fetched, entry.rewrite, tools.render)
    : convertKeys(fetched, options.conversionStrategy)
  return decodeAll(checkKeys(renamed), options.decodingStrategy)
}

async function fromItem(
  item: DataItem,
  store: StoreRef | undefined,
  tools: GatherTools,
): Promise<SecretData> {
  if (item.sourceRef?.generatorRef) throw new Error('generators are not available in the embedded cluster')
  const client = await tools.clientFor(item.sourceRef?.storeRef ?? store)
  const value = await client.getSecret(item.remoteRef)
  return decodeAll({ [item.secretKey]: value }, item.remoteRef.decodingStrategy)
}
