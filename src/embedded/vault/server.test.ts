import NodeVault from 'node-vault'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startVault, type VaultServer } from './server.ts'

/** Points the same cases at a throw-away real Vault, to compare by hand. */
const external = process.env.DEVENV_TEST_VAULT_ADDR
const rootToken = process.env.DEVENV_TEST_VAULT_TOKEN ?? 'root-of-this-test'
const mount = 'team1'

let server: VaultServer | undefined
let address: string

beforeAll(async () => {
  if (!external) server = await startVault({ host: '127.0.0.1', port: 0, rootToken })
  address = external ?? server!.address
  await call('POST', `sys/mounts/${mount}`, { type: 'kv', options: { version: '2' } })
})

afterAll(async () => {
  await call('DELETE', `sys/mounts/${mount}`)
  await server?.close()
})

interface Answer {
  status: number
  body: any
}

async function call(
  method: string,
  path: string,
  body?: unknown,
  {
    token = rootToken,
    contentType = 'application/json',
  }: { token?: string | undefined; contentType?: string } = {},
): Promise<Answer> {
  const response = await fetch(`${address}/v1/${path}`, {
    method,
    headers: { ...(token ? { 'X-Vault-Token': token } : {}), 'Content-Type': contentType },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text ? JSON.parse(text) : undefined }
}

describe('sys', () => {
  it('is initialized, unsealed and active without a token', async () => {
    const health = await call('GET', 'sys/health', undefined, { token: '' })
    expect(health.status).toBe(200)
    expect(health.body).toMatchObject({ initialized: true, sealed: false, standby: false })
    const seal = await call('GET', 'sys/seal-status', undefined, { token: '' })
    expect(seal.body).toMatchObject({ sealed: false, t: 1, n: 1, progress: 0 })
  })

  it('describes the mount', async () => {
    const mounts = await call('GET', 'sys/mounts')
    expect(mounts.body.data['team1/']).toMatchObject({ type: 'kv', options: { version: '2' } })
    const one = await call('GET', `sys/internal/ui/mounts/${mount}`)
    expect(one.body.data).toMatchObject({ path: 'team1/', type: 'kv', options: { version: '2' } })
  })
})

describe('KV v2', () => {
  it('writes versions and reads the latest or the one asked for', async () => {
    const first = await call('POST', 'team1/data/app/db', { data: { user: 'a', nested: { n: 1 } } })
    expect(first.status).toBe(200)
    expect(first.body.data).toMatchObject({
      version: 1,
      destroyed: false,
      deletion_time: '',
      custom_metadata: null,
    })
    await call('PUT', 'team1/data/app/db', { data: { user: 'b' } })
    const latest = await call('GET', 'team1/data/app/db')
    expect(latest.body.data.data).toEqual({ user: 'b' })
    expect(latest.body.data.metadata.version).toBe(2)
    const old = await call('GET', 'team1/data/app/db?version=1')
    expect(old.body.data.data).toEqual({ user: 'a', nested: { n: 1 } })
  })

  it('answers 404 with no errors for what is not there', async () => {
    expect(await call('GET', 'team1/data/none')).toEqual({ status: 404, body: { errors: [] } })
    expect(await call('GET', 'team1/metadata/none')).toEqual({ status: 404, body: { errors: [] } })
    expect(await call('LIST', 'team1/metadata/none')).toEqual({ status: 404, body: { errors: [] } })
  })

  it('refuses a write without data', async () => {
    const answer = await call('POST', 'team1/data/x', { user: 'a' })
    expect(answer).toEqual({ status: 400, body: { errors: ['no data provided'] } })
  })

  it('checks and sets', async () => {
    const stale = await call('POST', 'team1/data/cas', { data: { a: '1' }, options: { cas: 3 } })
    expect(stale).toEqual({
      status: 400,
      body: { errors: ['check-and-set parameter did not match the current version'] },
    })
    expect((await call('POST', 'team1/data/cas', { data: { a: '1' }, options: { cas: 0 } })).status).toBe(200)
    expect((await call('POST', 'team1/data/cas', { data: { a: '1' }, options: { cas: 0 } })).status).toBe(400)
    await call('POST', 'team1/metadata/cas', { cas_required: true })
    expect((await call('POST', 'team1/data/cas', { data: { a: '2' } })).body.errors).toEqual([
      'check-and-set parameter required for this call',
    ])
  })

  it('deletes softly, brings back, and destroys', async () => {
    await call('POST', 'team1/data/gone', { data: { a: '1' } })
    expect((await call('DELETE', 'team1/data/gone')).status).toBe(204)
    const deleted = await call('GET', 'team1/data/gone')
    expect(deleted.status).toBe(404)
    expect(deleted.body.data.data).toBeNull()
    expect(deleted.body.data.metadata).toMatchObject({ version: 1, destroyed: false })
    expect(deleted.body.data.metadata.deletion_time).not.toBe('')
    expect((await call('POST', 'team1/undelete/gone', { versions: [1] })).status).toBe(204)
    expect((await call('GET', 'team1/data/gone')).body.data.data).toEqual({ a: '1' })
    expect((await call('POST', 'team1/destroy/gone', { versions: [1] })).status).toBe(204)
    const destroyed = await call('GET', 'team1/data/gone')
    expect(destroyed.status).toBe(404)
    expect(destroyed.body.data.metadata.destroyed).toBe(true)
    expect((await call('DELETE', 'team1/metadata/gone')).status).toBe(204)
    expect((await call('GET', 'team1/metadata/gone')).status).toBe(404)
  })

  it('merges patches', async () => {
    await call('POST', 'team1/data/patched', { data: { keep: 'a', drop: 'b', deep: { x: 1, y: 2 } } })
    const contentType = 'application/merge-patch+json'
    const patch = { data: { drop: null, deep: { y: 3 } } }
    const answer = await call('PATCH', 'team1/data/patched', patch, { contentType })
    expect(answer.body.data.version).toBe(2)
    const read = await call('GET', 'team1/data/patched')
    expect(read.body.data.data).toEqual({ keep: 'a', deep: { x: 1, y: 3 } })
    expect((await call('PATCH', 'team1/data/absent', patch, { contentType })).status).toBe(404)
    expect((await call('PATCH', 'team1/data/patched', patch)).status).toBe(415)
  })

  it('lists names and folders with LIST and with ?list=true', async () => {
    await call('POST', 'team1/data/tree/a', { data: { x: '1' } })
    await call('POST', 'team1/data/tree/b/c', { data: { x: '1' } })
    expect((await call('LIST', 'team1/metadata/tree')).body.data.keys).toEqual(['a', 'b/'])
    expect((await call('GET', 'team1/metadata/tree?list=true')).body.data.keys).toEqual(['a', 'b/'])
    expect((await call('LIST', 'team1/metadata')).body.data.keys).toContain('tree/')
  })

  it('keeps metadata: custom fields and a limited number of versions', async () => {
    await call('POST', 'team1/metadata/meta', { max_versions: 2, custom_metadata: { owner: 'me' } })
    for (const n of ['1', '2', '3']) await call('POST', 'team1/data/meta', { data: { n } })
    const { body } = await call('GET', 'team1/metadata/meta')
    expect(body.data).toMatchObject({
      current_version: 3,
      oldest_version: 2,
      max_versions: 2,
      custom_metadata: { owner: 'me' },
    })
    expect(Object.keys(body.data.versions)).toEqual(['2', '3'])
    expect((await call('GET', 'team1/data/meta?version=1')).status).toBe(404)
    expect((await call('GET', 'team1/data/meta')).body.data.metadata.custom_metadata).toEqual({ owner: 'me' })
  })

  it('warns about a KV v1 path', async () => {
    const answer = await call('GET', 'team1/app')
    expect(answer.status).toBe(404)
    expect(answer.body.warnings[0]).toMatch(/^Invalid path for a versioned K\/V secrets engine/)
  })

  it('has no handler for an unknown mount', async () => {
    const answer = await call('GET', 'nowhere/x')
    expect(answer).toEqual({
      status: 404,
      body: { errors: ['no handler for route "nowhere/x". route entry not found.'] },
    })
  })
})

describe('tokens and policies', () => {
  it('describes the root token', async () => {
    const { body } = await call('GET', 'auth/token/lookup-self')
    expect(body.data).toMatchObject({
      policies: ['root'],
      ttl: 0,
      expire_time: null,
      type: 'service',
      num_uses: 0,
    })
    expect(body.data.id).toBe(rootToken)
  })

  it('denies without a token and with a wrong one', async () => {
    expect(await call('GET', 'team1/data/app/db', undefined, { token: '' })).toEqual({
      status: 403,
      body: { errors: ['permission denied'] },
    })
    const wrong = await call('GET', 'team1/data/app/db', undefined, { token: 'wrong' })
    expect(wrong.status).toBe(403)
    expect(wrong.body.errors[0]).toMatch(/permission denied/)
  })

  it('limits a token to its policies', async () => {
    const policy = 'path "team1/data/app/*" { capabilities = ["read"] }'
    expect((await call('PUT', 'sys/policies/acl/reader', { policy })).status).toBe(204)
    expect((await call('GET', 'sys/policies/acl/reader')).body.data.policy).toBe(policy)
    const created = await call('POST', 'auth/token/create', { policies: ['reader'], ttl: '1h' })
    const { auth } = created.body
    expect(auth).toMatchObject({ lease_duration: 3600, renewable: true, token_type: 'service' })
    expect(auth.policies).toEqual(['default', 'reader'])
    const token = auth.client_token
    expect((await call('GET', 'team1/data/app/db', undefined, { token })).status).toBe(200)
    expect(await call('POST', 'team1/data/app/db', { data: {} }, { token })).toEqual({
      status: 403,
      body: { errors: [expect.stringMatching(/permission denied/)] },
    })
    expect((await call('GET', 'team1/data/tree/a', undefined, { token })).status).toBe(403)
    expect((await call('LIST', 'team1/metadata/app', undefined, { token })).status).toBe(403)
    const self = await call('GET', 'auth/token/lookup-self', undefined, { token })
    expect(self.body.data.ttl).toBeGreaterThan(3590)
    expect(typeof self.body.data.expire_time).toBe('string')
    expect((await call('POST', 'auth/token/renew-self', {}, { token })).body.auth.lease_duration).toBe(3600)
    expect((await call('POST', 'auth/token/revoke-self', undefined, { token })).status).toBe(204)
    expect((await call('GET', 'auth/token/lookup-self', undefined, { token })).status).toBe(403)
  })

  it('logs in through AppRole', async () => {
    await call('POST', 'sys/auth/approle', { type: 'approle' })
    await call('POST', 'auth/approle/role/app', { token_policies: ['reader'], token_ttl: '10m' })
    const { role_id } = (await call('GET', 'auth/approle/role/app/role-id')).body.data
    const { secret_id } = (await call('POST', 'auth/approle/role/app/secret-id')).body.data
    const login = await call('POST', 'auth/approle/login', { role_id, secret_id }, { token: '' })
    expect(login.body.auth).toMatchObject({ lease_duration: 600, policies: ['default', 'reader'] })
    const token = login.body.auth.client_token
    expect((await call('GET', 'team1/data/app/db', undefined, { token })).status).toBe(200)
    const bad = await call('POST', 'auth/approle/login', { role_id, secret_id: 'no' }, { token: '' })
    expect(bad).toMatchObject({ status: 400, body: { errors: ['invalid role or secret ID'] } })
    await call('DELETE', 'sys/auth/approle')
  })

  it('logs in with user and password', async () => {
    await call('POST', 'sys/auth/userpass', { type: 'userpass' })
    const password = 'correct horse'
    await call('POST', 'auth/userpass/users/ann', { password, token_policies: 'reader' })
    const login = await call('POST', 'auth/userpass/login/ann', { password }, { token: '' })
    expect(login.body.auth.metadata).toEqual({ username: 'ann' })
    const bad = await call('POST', 'auth/userpass/login/ann', { password: 'x' }, { token: '' })
    expect(bad).toEqual({ status: 400, body: { errors: ['invalid username or password'] } })
    await call('DELETE', 'sys/auth/userpass')
  })
})

describe('node-vault', () => {
  it('reads, writes, lists and looks itself up', async () => {
    const vault = NodeVault({ endpoint: address, token: rootToken })
    await vault.write('team1/data/client', { data: { a: 'b' } })
    expect((await vault.read('team1/data/client')).data.data).toEqual({ a: 'b' })
    expect((await vault.list('team1/metadata')).data.keys).toContain('client')
    expect((await vault.tokenLookupSelf()).data.id).toBe(rootToken)
    expect((await vault.health()).sealed).toBe(false)
    await expect(vault.read('team1/data/nothing')).rejects.toThrow(/404/)
  })
})
