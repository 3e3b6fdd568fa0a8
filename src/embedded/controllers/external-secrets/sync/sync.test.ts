import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startVault, type VaultServer } from '../../../vault/server.ts'
import { TestCluster } from '../../testing/cluster.ts'
import { externalSecretsControllers } from '../external-secrets.ts'
import { EXTERNAL_SECRETS, SECRET_STORES, SECRETS } from '../resources.ts'
import type { ExternalSecret } from '../types.ts'

const NS = 'team1-ns'
const rootToken = 'root-of-this-test'

let vault: VaultServer
let cluster: TestCluster

beforeEach(async () => {
  cluster = new TestCluster(
    externalSecretsControllers({
      lookup: (hostname) => (hostname === 'vault.test' ? '127.0.0.1' : undefined),
    }),
  )
  vault = await startVault({ host: '127.0.0.1', port: 0, rootToken, clock: cluster.clock })
  vault.putSecret('team1', 'rabbitmq', { user: 'team1', password: 'first' })
  vault.putSecret('team1', 'core', { key: 'k', nested: { deep: [1, 2.5] }, 'dotted.name': 'd', big: 1 })
})

afterEach(async () => {
  await cluster[Symbol.asyncDispose]()
  await vault.close()
})

function addStore(token = vault.createReadToken('team1')): void {
  addSecret('vault-credentials', { token })
  const { port } = new URL(vault.address)
  cluster.client.create(SECRET_STORES, {
    apiVersion: 'external-secrets.io/v1',
    kind: 'SecretStore',
    metadata: { name: 'vault-team1', namespace: NS },
    spec: {
      provider: {
        vault: {
          server: `http://vault.test:${port}`,
          path: 'team1',
          version: 'v2',
          auth: { tokenSecretRef: { name: 'vault-credentials', key: 'token' } },
        },
      },
    },
  })
}

function addSecret(name: string, data: Record<string, string>, metadata = {}): void {
  const encoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')])
  cluster.client.create(SECRETS, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: NS, ...metadata },
    data: Object.fromEntries(encoded),
  })
}

function addExternalSecret(name: string, spec: ExternalSecret['spec'], metadata = {}): void {
  cluster.client.create(EXTERNAL_SECRETS, {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: { name, namespace: NS, ...metadata },
    spec: { secretStoreRef: { name: 'vault-team1' }, refreshInterval: '1m0s', ...spec },
  })
}

const rabbitmq: ExternalSecret['spec'] = {
  data: [
    { secretKey: 'USER', remoteRef: { key: 'team1/rabbitmq', property: 'user' } },
    { secretKey: 'PASS', remoteRef: { key: 'rabbitmq', property: 'password' } },
  ],
}

const externalSecret = (name: string) => cluster.client.get(EXTERNAL_SECRETS, NS, name) as ExternalSecret
const secret = (name: string) => cluster.client.get(SECRETS, NS, name)
const ready = (name: string) => externalSecret(name).status?.conditions?.[0]

function content(name: string): Record<string, string> | undefined {
  const data = secret(name)?.data
  if (!data) return undefined
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(String(value), 'base64').toString()]),
  )
}

/** Lets the loopback requests finish, moving no time. */
async function eventually(what: () => void): Promise<void> {
  await vi.waitFor(
    async () => {
      await cluster.settle()
      what()
    },
    { timeout: 15_000, interval: 5 },
  )
}

async function storeReady(): Promise<void> {
  addStore()
  await eventually(() =>
    expect(cluster.client.get(SECRET_STORES, NS, 'vault-team1')?.status?.conditions?.[0]?.status).toBe(
      'True',
    ),
  )
}

describe('SecretStore', () => {
  it('turns Valid with a working token', async () => {
    await storeReady()
    expect(cluster.client.get(SECRET_STORES, NS, 'vault-team1')?.status).toMatchObject({
      capabilities: 'ReadWrite',
      conditions: [{ type: 'Ready', status: 'True', reason: 'Valid', message: 'store validated' }],
    })
    expect(cluster.events('secret-store')).toContain('Valid: store validated')
  })

  it('tells a refused token by event, and recovers by itself', async () => {
    addStore('wrong')
    await eventually(() =>
      expect(cluster.client.get(SECRET_STORES, NS, 'vault-team1')?.status?.conditions?.[0]).toMatchObject({
        status: 'False',
        reason: 'InvalidProviderConfig',
        message: 'unable to validate store',
      }),
    )
    expect(cluster.events('secret-store')[0]).toMatch(
      /^InvalidProviderConfig: invalid vault credentials: Error making API request\.\n\nURL: GET http:.*\nCode: 403/,
    )
    const token = Buffer.from(vault.createReadToken('team1')).toString('base64')
    cluster.client.patch(SECRETS, NS, 'vault-credentials', { data: { token } }, { type: 'merge' })
    await cluster.advance(1000)
    await eventually(() =>
      expect(cluster.client.get(SECRET_STORES, NS, 'vault-team1')?.status?.conditions?.[0]?.reason).toBe(
        'Valid',
      ),
    )
  })

  it('names a Secret that is missing', async () => {
    addStore()
    cluster.client.delete(SECRETS, NS, 'vault-credentials')
    await eventually(() =>
      expect(cluster.events('secret-store')).toContain(
        `InvalidProviderConfig: cannot get Kubernetes secret "vault-credentials" from namespace "${NS}": secrets "vault-credentials" not found`,
      ),
    )
  })
})

describe('ExternalSecret', () => {
  it('makes the Secret, owned and marked', async () => {
    await storeReady()
    addExternalSecret('rabbitmq-secrets', rabbitmq, { labels: { app: 'x' } })
    await eventually(() => expect(content('rabbitmq-secrets')).toEqual({ USER: 'team1', PASS: 'first' }))
    const { metadata } = secret('rabbitmq-secrets')!
    expect(metadata.labels).toMatchObject({ app: 'x', 'reconcile.external-secrets.io/managed': 'true' })
    expect(metadata.labels?.['reconcile.external-secrets.io/created-by']).toMatch(/^[0-9a-f]{56}$/)
    expect(metadata.annotations?.['reconcile.external-secrets.io/data-hash']).toMatch(/^[0-9a-f]{56}$/)
    expect(metadata.ownerReferences).toMatchObject([
      { kind: 'ExternalSecret', name: 'rabbitmq-secrets', controller: true, blockOwnerDeletion: true },
    ])
    expect(ready('rabbitmq-secrets')).toMatchObject({
      status: 'True',
      reason: 'SecretSynced',
      message: 'secret synced',
    })
    expect(externalSecret('rabbitmq-secrets').status).toMatchObject({
      binding: { name: 'rabbitmq-secrets' },
      refreshTime: '2026-01-01T00:00:00Z',
    })
    expect(cluster.events('external-secrets')).toEqual(['Created: secret created'])
  })

  it('waits for its store and syncs within a second of it', async () => {
    addExternalSecret('rabbitmq-secrets', rabbitmq)
    await eventually(() =>
      expect(ready('rabbitmq-secrets')).toMatchObject({
        status: 'False',
        reason: 'SecretSyncedError',
        message: 'could not get secret data from provider',
      }),
    )
    expect(cluster.events('external-secrets')).toContain(
      'UpdateFailed: error processing spec.data[0] (key: team1/rabbitmq), err: could not get SecretStore "vault-team1", SecretStore.external-secrets.io "vault-team1" not found',
    )
    await storeReady()
    await cluster.advance(1000)
    await eventually(() => expect(content('rabbitmq-secrets')).toEqual({ USER: 'team1', PASS: 'first' }))
  })

  it('reads again after its interval, or at once when an annotation changes', async () => {
    await storeReady()
    addExternalSecret('rabbitmq-secrets', rabbitmq)
    await eventually(() => expect(content('rabbitmq-secrets')?.PASS).toBe('first'))
    vault.putSecret('team1', 'rabbitmq', { user: 'team1', password: 'second' })
    await cluster.advance(59_000, 5000)
    expect(content('rabbitmq-secrets')?.PASS).toBe('first')
    await cluster.advance(2000)
    await eventually(() => expect(content('rabbitmq-secrets')?.PASS).toBe('second'))
    expect(cluster.events('external-secrets')).toContain('Updated: secret updated')
    vault.putSecret('team1', 'rabbitmq', { user: 'team1', password: 'third' })
    const patch = { metadata: { annotations: { 'force-sync': 'now' } } }
    cluster.client.patch(EXTERNAL_SECRETS, NS, 'rabbitmq-secrets', patch, { type: 'merge' })
    await eventually(() => expect(content('rabbitmq-secrets')?.PASS).toBe('third'))
  })

  it('repairs a Secret that was edited or deleted', async () => {
    await storeReady()
    addExternalSecret('rabbitmq-secrets', rabbitmq)
    await eventually(() => expect(content('rabbitmq-secrets')?.PASS).toBe('first'))
    cluster.client.patch(SECRETS, NS, 'rabbitmq-secrets', { data: { PASS: 'AAAA' } }, { type: 'merge' })
    await eventually(() => expect(content('rabbitmq-secrets')?.PASS).toBe('first'))
    cluster.client.delete(SECRETS, NS, 'rabbitmq-secrets')
    await eventually(() => expect(content('rabbitmq-secrets')?.PASS).toBe('first'))
  })

  it('keeps the Secret when a path goes missing, and says which in the event', async () => {
    await storeReady()
    addExternalSecret('gone', { data: [{ secretKey: 'A', remoteRef: { key: 'nothing' } }] })
    await eventually(() => expect(ready('gone')?.reason).toBe('SecretSyncedError'))
    expect(cluster.events('external-secrets')).toContain(
      'UpdateFailed: error processing spec.data[0] (key: nothing), err: Secret does not exist',
    )
    addExternalSecret('bad-property', {
      data: [{ secretKey: 'A', remoteRef: { key: 'core', property: 'none' } }],
      target: { creationPolicy: 'Owner', deletionPolicy: 'Delete' },
    })
    await eventually(() =>
      expect(cluster.events('external-secrets')).toContain(
        'UpdateFailed: error processing spec.data[0] (key: core), err: cannot find secret data for key: "none"',
      ),
    )
  })

  it('extracts a whole path, properties and nested values', async () => {
    await storeReady()
    addExternalSecret('whole', {
      dataFrom: [{ extract: { key: 'core' } }],
      data: [
        { secretKey: 'DEEP', remoteRef: { key: 'core', property: 'nested.deep.1' } },
        { secretKey: 'DOTTED', remoteRef: { key: 'core', property: 'dotted.name' } },
        { secretKey: 'ALL', remoteRef: { key: 'core' } },
      ],
    })
    await eventually(() =>
      expect(content('whole')).toEqual({
        key: 'k',
        nested: '{"deep":[1,2.5]}',
        'dotted.name': 'd',
        big: '1',
        DEEP: '2.5',
        DOTTED: 'd',
        ALL: '{"big":1,"dotted.name":"d","key":"k","nested":{"deep":[1,2.5]}}',
      }),
    )
  })

  it('finds by name and rewrites keys', async () => {
    await storeReady()
    addExternalSecret('found', {
      dataFrom: [
        { find: { name: { regexp: '^ra' } }, rewrite: [{ regexp: { source: '^(ra.*)$', target: 'q_$1' } }] },
      ],
    })
    await eventually(() =>
      expect(content('found')).toEqual({ q_rabbitmq: '{"password":"first","user":"team1"}' }),
    )
  })

  it('renders a template instead of the provider data', async () => {
    await storeReady()
    addExternalSecret('templated', {
      ...rabbitmq,
      target: {
        template: {
          type: 'Opaque',
          metadata: { labels: { user: '{{ .USER }}' } },
          data: { url: 'amqp://{{ .USER }}:{{ .PASS }}@broker' },
        },
      },
    })
    await eventually(() => expect(content('templated')).toEqual({ url: 'amqp://team1:first@broker' }))
    expect(secret('templated')?.metadata.labels?.user).toBe('team1')
  })

  it('adopts an existing Secret as Owner and merges into it with Merge', async () => {
    await storeReady()
    addSecret('owned', { OTHER: 'x' })
    addSecret('merged', { OTHER: 'x' })
    addExternalSecret('owned', rabbitmq)
    addExternalSecret('merging', { ...rabbitmq, target: { name: 'merged', creationPolicy: 'Merge' } })
    await eventually(() => expect(content('owned')).toEqual({ USER: 'team1', PASS: 'first' }))
    await eventually(() => expect(content('merged')).toEqual({ OTHER: 'x', USER: 'team1', PASS: 'first' }))
    expect(secret('merged')?.metadata.ownerReferences).toBeUndefined()
  })

  it('refuses a Secret that another ExternalSecret owns', async () => {
    await storeReady()
    addExternalSecret('first', { ...rabbitmq, target: { name: 'shared' } })
    await eventually(() => expect(ready('first')?.reason).toBe('SecretSynced'))
    addExternalSecret('second', { ...rabbitmq, target: { name: 'shared' } })
    await eventually(() =>
      expect(ready('second')).toMatchObject({
        reason: 'SecretSyncedError',
        message: 'target is owned by another ExternalSecret',
      }),
    )
  })

  it('deletes the Secret with deletionPolicy Delete when the provider has nothing left', async () => {
    await storeReady()
    vault.putSecret('team1', 'temp', { a: 'b' })
    addExternalSecret('temp', {
      refreshInterval: '10s',
      dataFrom: [{ extract: { key: 'temp' } }],
      target: { deletionPolicy: 'Delete' },
    })
    await eventually(() => expect(content('temp')).toEqual({ a: 'b' }))
    await fetch(`${vault.address}/v1/team1/metadata/temp`, {
      method: 'DELETE',
      headers: { 'X-Vault-Token': rootToken },
    })
    await cluster.advance(11_000, 1000)
    await eventually(() => expect(ready('temp')?.reason).toBe('SecretDeleted'))
    expect(secret('temp')).toBeUndefined()
    expect(cluster.events('external-secrets')).toContain(
      'MissingProviderSecret: secret does not exist at provider using spec.dataFrom[0]',
    )
  })

  it('freezes with an interval of 0, but for an edited target', async () => {
    await storeReady()
    addExternalSecret('frozen', { ...rabbitmq, refreshInterval: '0s' })
    await eventually(() => expect(content('frozen')?.PASS).toBe('first'))
    vault.putSecret('team1', 'rabbitmq', { user: 'team1', password: 'second' })
    await cluster.advance(600_000, 60_000)
    expect(content('frozen')?.PASS).toBe('first')
    cluster.client.patch(SECRETS, NS, 'frozen', { data: { PASS: 'AAAA' } }, { type: 'merge' })
    await eventually(() => expect(content('frozen')?.PASS).toBe('second'))
  })

  it('holds its finalizer until it has cleaned up', async () => {
    await storeReady()
    addExternalSecret('leaving', { ...rabbitmq, target: { deletionPolicy: 'Delete' } })
    await eventually(() => expect(ready('leaving')?.reason).toBe('SecretSynced'))
    cluster.client.delete(EXTERNAL_SECRETS, NS, 'leaving')
    await eventually(() => expect(externalSecret('leaving')).toBeUndefined())
    expect(secret('leaving')).toBeUndefined()
  })
})
