/** References to keys of Secrets, as the fields of a store use them. */
import type { Client } from '../../../client.ts'
import { SECRETS } from '../resources.ts'
import type { SecretKeySelector } from '../types.ts'

/** Where a store's references lead. */
export interface RefScope {
  client: Client
  /** The store's, or for a ClusterSecretStore the ExternalSecret's. */
  namespace: string
  /** ClusterSecretStores may name a namespace in a reference; SecretStores may not leave their own. */
  cluster: boolean
}

/** The value, untrimmed. Throws in the operator's words when Secret or key is missing. */
export function readSecretRef(scope: RefScope, ref: SecretKeySelector, defaultKey = ''): string {
  const namespace = (scope.cluster && ref.namespace) || scope.namespace
  const key = ref.key || defaultKey
  const secret = scope.client.get(SECRETS, namespace, ref.name ?? '')
  if (!secret) {
    const missing = `secrets "${ref.name ?? ''}" not found`
    throw new Error(
      `cannot get Kubernetes secret "${ref.name ?? ''}" from namespace "${namespace}": ${missing}`,
    )
  }
  const value: string | undefined = secret.data?.[key]
  if (value === undefined) throw new Error(`cannot find secret data for key: "${key}"`)
  return Buffer.from(value, 'base64').toString('utf8')
}
