/** What the chart expects to find and does not bring: namespace, SecretStore, its token, the pull secret. */
import type { KubeObject } from '../../lib/kube/object.ts'
import { owned } from '../../lib/kube/owned.ts'
import type { Manifest } from '../chart/apply.ts'

export interface Prerequisites {
  /** Name of the environment that they belong to. */
  environment: string
  namespace: string
  secretStore: { name: string; tokenSecret: string; tokenKey: string }
  pullSecret: string
  /** Its content: logins of registries. Empty ones satisfy the chart where images need none. */
  logins: string
  vault: { address: string; mount: string; token: string }
}

/** A Namespace of ours. */
export function namespaceManifest(name: string, environment: string): Manifest {
  return made(environment, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
}

/** SecretStore (OPERATORS.md: only external-secrets.io/v1 is served), the Secrets it and the pods refer to. */
export function prerequisiteManifests(given: Prerequisites): Manifest[] {
  const { environment, namespace, secretStore, vault } = given
  const metadata = (name: string) => ({ name, namespace })
  return [
    made(environment, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: metadata(secretStore.tokenSecret),
      type: 'Opaque',
      stringData: { [secretStore.tokenKey]: vault.token },
    }),
    made(environment, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: metadata(given.pullSecret),
      type: 'kubernetes.io/dockerconfigjson',
      stringData: { '.dockerconfigjson': given.logins },
    }),
    made(environment, {
      apiVersion: 'external-secrets.io/v1',
      kind: 'SecretStore',
      metadata: metadata(secretStore.name),
      spec: {
        provider: {
          vault: {
            server: vault.address,
            path: vault.mount,
            version: 'v2',
            auth: { tokenSecretRef: { name: secretStore.tokenSecret, key: secretStore.tokenKey } },
          },
        },
      },
    }),
  ]
}

function made(environment: string, object: KubeObject): Manifest {
  return { source: 'devenv', object: owned(object, environment) }
}
