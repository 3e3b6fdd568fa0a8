/** From a store to a logged-in provider client. */
import type { Lookup } from '../../../../lib/http-client.ts'
import type { Client } from '../../../client.ts'
import { CONFIG_MAPS } from '../resources.ts'
import type { SecretsClient } from '../secrets-client.ts'
import type { SecretStore, VaultProvider } from '../types.ts'
import { type RefScope, readSecretRef } from './secret-ref.ts'
import { authenticate, authRefs } from './vault-auth.ts'
import { VaultSecretsClient } from './vault-client.ts'
import { VaultHttp } from './vault-http.ts'

/** Logs in; nothing is kept between calls. Throws with the operator's error text. */
export async function connectStore(
  client: Client,
  store: SecretStore,
  namespace: string,
  lookup: Lookup,
): Promise<SecretsClient> {
  const provider = vaultOf(store)
  const scope: RefScope = { client, namespace, cluster: store.kind === 'ClusterSecretStore' }
  const ca = readCa(provider, scope)
  const http = new VaultHttp({
    server: provider.server,
    lookup,
    ...(provider.namespace ? { namespace: provider.namespace } : {}),
    ...(provider.headers ? { headers: provider.headers } : {}),
    ...(ca ? { ca } : {}),
  })
  try {
    const loggedIn = provider.auth ? await authenticate(http, provider.auth, scope) : false
    return new VaultSecretsClient(http, provider, loggedIn)
  } catch (thrown) {
    http[Symbol.dispose]()
    throw thrown
  }
}

/** Exactly one provider may be given, and only Vault is to be had here. */
function vaultOf({ spec }: SecretStore): VaultProvider {
  const names = Object.keys(spec.provider ?? {})
  if (names.length !== 1)
    throw new Error(`secret stores must only have exactly one backend specified, found ${names.length}`)
  if (!spec.provider?.vault)
    throw new Error(`provider "${names[0]}" is not available in the embedded cluster`)
  return spec.provider.vault
}

/** A ClusterSecretStore whose credentials lie in the namespace of each ExternalSecret. */
export function hasReferentAuth(store: SecretStore): boolean {
  const auth = store.spec.provider?.vault?.auth
  return (
    store.kind === 'ClusterSecretStore' && auth !== undefined && authRefs(auth).some((ref) => !ref.namespace)
  )
}

function readCa({ caBundle, caProvider }: VaultProvider, scope: RefScope): string | undefined {
  if (caBundle) return Buffer.from(caBundle, 'base64').toString('utf8')
  if (!caProvider) return undefined
  if (caProvider.type === 'Secret') return readSecretRef(scope, caProvider, 'tls.crt')
  const namespace = (scope.cluster && caProvider.namespace) || scope.namespace
  const pem = scope.client.get(CONFIG_MAPS, namespace, caProvider.name)?.data?.[caProvider.key ?? 'ca.crt']
  if (pem === undefined) throw new Error(`cannot find CA data in ConfigMap ${namespace}/${caProvider.name}`)
  return pem
}
