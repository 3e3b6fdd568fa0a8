/** External Secrets: what it says of a store that does not answer. */
import { expect } from 'vitest'
import { type ContractCase, eventually } from '../case.ts'
import { conditionOf } from '../rollout.ts'

const SECRET_STORES = 'external-secrets.io/v1/secretstores'
const EXTERNAL_SECRETS = 'external-secrets.io/v1/externalsecrets'

export const externalSecretsCases: ContractCase[] = [
  {
    name: 'External Secrets: a store that does not answer is not Ready, and neither is what it should fill',
    async run({ kube, namespace }) {
      await kube.create('v1/secrets', {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'token', namespace },
        stringData: { token: 'none' },
      })
      await kube.create(SECRET_STORES, {
        apiVersion: 'external-secrets.io/v1',
        kind: 'SecretStore',
        metadata: { name: 'nowhere', namespace },
        spec: {
          provider: {
            vault: {
              // Nothing listens on the discard port of a cluster's own address.
              server: 'http://127.0.0.1:9',
              path: 'team1',
              version: 'v2',
              auth: { tokenSecretRef: { name: 'token', key: 'token' } },
            },
          },
        },
      })
      const store = await eventually(kube, SECRET_STORES, 'nowhere', namespace, (object) =>
        conditionOf(object, 'Ready')?.status === 'False' ? undefined : 'Ready is not False',
      )
      expect(conditionOf(store, 'Ready')).toMatchObject({ reason: 'InvalidProviderConfig' })
      const spec = {
        refreshInterval: '1h',
        secretStoreRef: { name: 'nowhere' },
        data: [{ secretKey: 'password', remoteRef: { key: 'rabbitmq', property: 'password' } }],
      }
      await kube.create(EXTERNAL_SECRETS, externalSecret(namespace, 'waits', spec))
      const waits = await eventually(kube, EXTERNAL_SECRETS, 'waits', namespace, (object) =>
        conditionOf(object, 'Ready')?.status === 'False' ? undefined : 'Ready is not False',
      )
      expect(conditionOf(waits, 'Ready')).toMatchObject({
        reason: 'SecretSyncedError',
        message: 'could not get secret data from provider',
      })
      expect(await kube.find('v1/secrets', 'waits', { namespace })).toBeUndefined()
    },
  },
]

function externalSecret(namespace: string, name: string, spec: object) {
  return { apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret', metadata: { name, namespace }, spec }
}
