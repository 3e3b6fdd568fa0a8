/** The store that an ExternalSecret names, and whether it may use it. */
import { RE2JS } from 're2js'
import type { Client } from '../../../client.ts'
import { matchesLabels } from '../../../selectors.ts'
import { CLUSTER_SECRET_STORES, NAMESPACES, SECRET_STORES } from '../resources.ts'
import { isReady } from '../status.ts'
import type { SecretStore, StoreCondition, StoreRef } from '../types.ts'
import { isOurs } from './store-controllers.ts'

/** Throws in the operator's words when the store is missing, not ready, not ours or refuses the namespace. */
export function findStore(client: Client, ref: StoreRef, namespace: string): SecretStore {
  const kind = ref.kind || 'SecretStore'
  const cluster = kind === 'ClusterSecretStore'
  const store = (
    cluster
      ? client.get(CLUSTER_SECRET_STORES, undefined, ref.name)
      : client.get(SECRET_STORES, namespace, ref.name)
  ) as SecretStore | undefined
  if (!store) {
    throw new Error(
      `could not get ${kind} "${ref.name}", ${kind}.external-secrets.io "${ref.name}" not found`,
    )
  }
  if (!isOurs(store)) throw new Error('can not reference unmanaged store')
  if (!isReady(store)) throw new Error(`${kind} "${ref.name}" is not ready`)
  if (cluster && !allows(client, store.spec.conditions ?? [], namespace)) {
    throw new Error(
      `using cluster store "${ref.name}" is not allowed from namespace "${namespace}": denied by spec.condition`,
    )
  }
  return store
}

/** Any condition is enough, and within one any of its parts. */
function allows(client: Client, conditions: StoreCondition[], namespace: string): boolean {
  if (conditions.length === 0) return true
  const labels = {
    'kubernetes.io/metadata.name': namespace,
    ...client.get(NAMESPACES, undefined, namespace)?.metadata.labels,
  }
  return conditions.some(
    ({ namespaceSelector, namespaces = [], namespaceRegexes = [] }) =>
      (namespaceSelector !== undefined && matchesLabels(namespaceSelector, labels)) ||
      namespaces.includes(namespace) ||
      namespaceRegexes.some((regex) => RE2JS.compile(regex).matcher(namespace).find()),
  )
}
