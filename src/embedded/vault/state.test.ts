import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../lib/clock.ts'
import { startVault } from './server.ts'

const rootToken = 'root-of-this-test'
const loopback = { host: '127.0.0.1', port: 0, rootToken }

async function read(address: string, path: string, token: string): Promise<{ status: number; body: any }> {
  const response = await fetch(`${address}/v1/${path}`, { headers: { Authorization: `Bearer ${token}` } })
  return { status: response.status, body: await response.json() }
}

describe('VaultServer', () => {
  it('comes back from its exported state with secrets, tokens and policies', async () => {
    const first = await startVault(loopback)
    first.putSecret('team1', 'app', { key: 'one' })
    first.putSecret('team1', 'app', { key: 'two' })
    const token = first.createReadToken('team1')
    const state = JSON.parse(JSON.stringify(first.exportState()))
    await first.close()

    await using second = await startVault({ ...loopback, rootToken: 'another root', state })
    expect((await read(second.address, 'team1/data/app', token)).body.data.data).toEqual({ key: 'two' })
    expect((await read(second.address, 'team1/data/app', 'another root')).status).toBe(200)
  })

  it('answers a write only once it has been saved, and saves for no read', async () => {
    const saved: string[] = []
    let full = false
    await using server = await startVault({
      ...loopback,
      save: async () => {
        if (full) throw new Error('no space left on device')
        saved.push(JSON.stringify(server.exportState()))
      },
    })
    server.ensureMount('team1')
    const write = (key: string) =>
      fetch(`${server.address}/v1/team1/data/app`, {
        method: 'POST',
        headers: { 'X-Vault-Token': rootToken },
        body: JSON.stringify({ data: { key } }),
      })
    expect((await write('one')).status).toBe(200)
    expect(saved).toHaveLength(1)
    expect(saved[0]).toContain('"key":"one"')
    await read(server.address, 'team1/data/app', rootToken)
    expect(saved).toHaveLength(1)
    full = true
    const refused = await write('two')
    expect(refused.status).toBe(500)
    expect(await refused.text()).toContain('no space left on device')
  })

  it('keeps no token in its exported state', async () => {
    await using server = await startVault(loopback)
    const token = server.createReadToken('team1')
    const text = JSON.stringify(server.exportState())
    expect(text).not.toContain(rootToken)
    expect(text).not.toContain(token)
  })

  it('gives a read token its mount and nothing else', async () => {
    await using server = await startVault(loopback)
    server.putSecret('team1', 'app', { key: 'one' })
    server.putSecret('other', 'app', { key: 'one' })
    const token = server.createReadToken('team1')
    expect((await read(server.address, 'team1/data/app', token)).status).toBe(200)
    expect((await read(server.address, 'team1/metadata?list=true', token)).body.data.keys).toEqual(['app'])
    expect((await read(server.address, 'other/data/app', token)).status).toBe(403)
    expect((await read(server.address, 'sys/mounts', token)).status).toBe(403)
    const refused = await fetch(`${server.address}/v1/team1/data/app`, {
      method: 'POST',
      headers: { 'X-Vault-Token': token },
      body: '{"data":{}}',
    })
    expect(refused.status).toBe(403)
  })

  it('ends tokens with their time to live', async () => {
    const clock = new FakeClock()
    await using server = await startVault({ ...loopback, clock })
    server.putSecret('team1', 'app', { key: 'one' })
    const token = server.createToken(['default'], 60)
    expect((await read(server.address, 'auth/token/lookup-self', token)).body.data.ttl).toBe(60)
    await clock.advance(60_000)
    expect((await read(server.address, 'auth/token/lookup-self', token)).status).toBe(403)
  })
})
