/** Addresses, names and Services of one environment, with real sockets. */
import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../lib/clock.ts'
import { silentLogger } from '../../lib/log.ts'
import { MemoryClient } from '../controllers/testing/memory-client.ts'
import { rangeAllocator } from './allocator.ts'
import { createNet, type Net } from './net.ts'

let net: Net
let client: MemoryClient
const servers: Server[] = []

beforeAll(async () => {
  net = await createNet({ blockHint: process.pid + 7, log: silentLogger })
  client = new MemoryClient(systemClock)
  net.attach(client)
})
afterAll(async () => {
  for (const server of servers) server.close()
  await net[Symbol.asyncDispose]()
})

const settled = () => new Promise((resolve) => setTimeout(resolve, 40))

function service(name: string, spec: Record<string, unknown>) {
  return client.create('v1/services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'ns' },
    spec,
  })
}

function slice(name: string, port: number, endpoints: Record<string, unknown>[]) {
  return client.create('discovery.k8s.io/v1/endpointslices', {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${name}-1`, namespace: 'ns', labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    ports: [{ port }],
    endpoints,
  })
}

/** A backend that says `text` and hangs up. */
async function backend(ip: string, port: number, text: string): Promise<void> {
  const server = createServer((socket) => socket.end(text))
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(port, ip, resolve))
}

const ask = (ip: string, port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = ''
    import('node:net').then(({ connect }) =>
      connect(port, ip)
        .on('data', (chunk) => {
          text += chunk
        })
        .on('end', () => resolve(text))
        .on('error', reject),
    )
  })

describe('a Service', () => {
  it('passes connections on in turn, skips endpoints that refuse, and refuses without any', async () => {
    const ip = net.services.allocate()
    service('web', { clusterIP: ip, ports: [{ port: 8080 }] })
    await settled()
    await expect(ask(ip, 8080)).rejects.toThrow('ECONNREFUSED')
    const [a, b, dead] = [net.pods.allocate(), net.pods.allocate(), net.pods.allocate()]
    await backend(a, 9000, 'a')
    await backend(b, 9000, 'b')
    const made = slice(
      'web',
      9000,
      [a, dead, b].map((address) => ({ addresses: [address], conditions: { ready: true } })),
    )
    await settled()
    const answers = new Set<string>()
    for (let turn = 0; turn < 6; turn++) answers.add(await ask(ip, 8080))
    expect(answers).toEqual(new Set(['a', 'b']))
    const terminating = { ready: false, serving: true, terminating: true }
    client.update('discovery.k8s.io/v1/endpointslices', {
      ...made,
      endpoints: [
        { addresses: [a], conditions: terminating },
        { addresses: [b], conditions: { ready: true } },
      ],
    })
    await settled()
    expect([await ask(ip, 8080), await ask(ip, 8080)]).toEqual(['b', 'b'])
    client.update('discovery.k8s.io/v1/endpointslices', {
      ...client.get('discovery.k8s.io/v1/endpointslices', 'ns', 'web-1')!,
      endpoints: [{ addresses: [a], conditions: terminating }],
    })
    await settled()
    expect(await ask(ip, 8080)).toBe('a')
  })

  it('has its names, short ones only in its own namespace', async () => {
    const ip = net.services.allocate()
    service('named', { clusterIP: ip, ports: [{ port: 1 }] })
    await settled()
    for (const name of [
      'named.ns',
      'named.ns.svc',
      'named.ns.svc.cluster.local',
      'named.ns.svc.cluster.local.',
    ])
      expect(net.lookup(name)).toBe(ip)
    expect(net.lookup('named')).toBeUndefined()
    expect(net.hostsFor('ns')).toContain(`${ip}\tnamed.ns.svc.cluster.local named.ns.svc named.ns named\n`)
    expect(net.hostsFor('other')).toContain(`${ip}\tnamed.ns.svc.cluster.local named.ns.svc named.ns\n`)
  })

  it('without an address stands for its endpoints, or for another name', async () => {
    service('headless', { clusterIP: 'None', ports: [{ port: 5432 }] })
    slice('headless', 5432, [{ addresses: ['127.0.0.1'], conditions: { ready: true }, hostname: 'db-0' }])
    service('by-address', { type: 'ExternalName', externalName: '127.0.0.1' })
    service('by-name', { type: 'ExternalName', externalName: 'named.ns.svc.cluster.local' })
    await settled()
    expect(net.lookup('headless.ns')).toBe('127.0.0.1')
    expect(net.lookup('db-0.headless.ns')).toBe('127.0.0.1')
    expect(net.lookup('by-address.ns')).toBe('127.0.0.1')
    expect(net.lookup('by-name.ns')).toBe(net.lookup('named.ns'))
  })
})

describe('addresses', () => {
  it('come from a block that no other environment has', async () => {
    const other = await createNet({ blockHint: net.block - 10, log: silentLogger })
    expect(other.block).not.toBe(net.block)
    await expect(createNet({ blockHint: net.block, exact: true, log: silentLogger })).rejects.toThrow(
      'is taken',
    )
    await other[Symbol.asyncDispose]()
  })

  it('are handed out once, and again after their release when all others are taken', () => {
    const range = rangeAllocator('127.9', 3, 3)
    expect(range.take('127.9.3.7')).toBe('127.9.3.7')
    expect(range.take('127.9.3.7')).toBe('127.9.3.1')
    expect(range.take('127.8.0.1')).toBe('127.9.3.2')
    for (let left = 251; left > 0; left--) range.allocate()
    expect(() => range.allocate()).toThrow('no free address')
    range.release('127.9.3.5')
    expect(range.allocate()).toBe('127.9.3.5')
  })
})
