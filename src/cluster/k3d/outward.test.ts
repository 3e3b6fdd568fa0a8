import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { issueCertificates } from '../../embedded/api/tls/issue.ts'
import { run } from '../../lib/exec.ts'
import { contextOf } from './builds.ts'
import { wantedContainers } from './compose.ts'
import { clusterConfig } from './config.ts'
import { checkOutward, outwardOf, proxyVariables } from './outward.ts'

const TRUST = fileURLToPath(new URL('../../lib/trust.ts', import.meta.url))
// What the proxy's certificate is for, so that only who signed it is in question; loopback goes straight.
const UPSTREAM = 'https://kubernetes'

let folder: string
let ca: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dv-outward-'))
  ca = join(folder, 'ca.pem')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** A proxy that answers every CONNECT itself, with a certificate of its own authority. */
async function eatingProxy() {
  const issued = await issueCertificates([], Date.now())
  await writeFile(ca, issued.ca)
  const inside = createTlsServer({ key: issued.key, cert: issued.cert }, (_, response) => response.end('ok'))
  const proxy = createServer()
  proxy.on('connect', (_request, client) => {
    const server = connect((inside.address() as AddressInfo).port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      server.pipe(client).pipe(server)
    })
    for (const socket of [client, server]) socket.on('error', () => undefined)
  })
  for (const server of [inside, proxy]) {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  }
  return {
    host: `127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const server of [proxy, inside]) {
        server.closeAllConnections()
        server.close()
        await once(server, 'close')
      }
    },
  }
}

/** A proxy that answers every CONNECT with this status. */
async function refusingProxy(status: number) {
  const proxy = createServer()
  proxy.on('connect', (_request, client) => client.end(`HTTP/1.1 ${status} No\r\n\r\n`))
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  return {
    host: `127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      proxy.closeAllConnections()
      proxy.close()
      await once(proxy, 'close')
    },
  }
}

function check(env: Record<string, string>) {
  const said: string[] = []
  return checkOutward([UPSTREAM], env, (what) => said.push(what)).then(() => said)
}

describe('a proxy that opens TLS', () => {
  it('is told by name, with the variable that mends it', async () => {
    await using proxy = await eatingProxy()
    await expect(check({ HTTPS_PROXY: `http://me:word@${proxy.host}` })).rejects.toMatchObject({
      code: 'PREFLIGHT',
      exitCode: 3,
      message: expect.stringMatching(
        new RegExp(`the proxy ${proxy.host} \\(HTTPS_PROXY\\) opens TLS.*kubernetes`),
      ),
      fix: expect.stringContaining('Set NODE_EXTRA_CA_CERTS'),
    })
  })

  it('is fine with its certificate, and told apart from another’s', async () => {
    await using proxy = await eatingProxy()
    const other = join(folder, 'other.pem')
    await writeFile(other, (await issueCertificates([], Date.now())).ca)
    const asked = async (certificates: string) => {
      const script = `import { checkTrusted } from ${JSON.stringify(TRUST)}
await checkTrusted('${UPSTREAM}/v2/', process.env, console.log).catch((error) => console.log(error.fix))`
      const env = {
        HTTPS_PROXY: `http://${proxy.host}`,
        NO_PROXY: '',
        no_proxy: '',
        NODE_EXTRA_CA_CERTS: certificates,
      }
      return (await run(process.execPath, ['--input-type=module', '-e', script], { env })).stdout
    }
    expect(await asked(ca)).toBe('')
    expect(await asked(other)).toContain('has another CA than the one that signed it')
  })

  it('that cannot be reached is no matter of trust; one on loopback is told of', async () => {
    const said = await check({ HTTPS_PROXY: 'http://me:word@127.0.0.1:1' })
    expect(said[0]).toMatch(/cannot reach 127.0.0.1:1/)
    expect(said[1]).toMatch(/^the proxy 127.0.0.1:1 \(HTTPS_PROXY\) cannot be reached: nobody listens there/)
    expect(said.join()).not.toContain('word')
  })

  it('that refuses the login stops an up: nothing could be pulled through it', async () => {
    await using proxy = await refusingProxy(407)
    await expect(check({ HTTPS_PROXY: `http://me:word@${proxy.host}` })).rejects.toMatchObject({
      code: 'PREFLIGHT',
      message: `the proxy ${proxy.host} (HTTPS_PROXY) refuses the login in its address, or wants one`,
    })
  })
})

describe('certificates', () => {
  it.each([
    ['absent', undefined, /ENOENT/],
    ['without one', 'hello', /holds no certificate/],
    ['with a damaged one', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', /is damaged/],
  ])('of a file that is %s stop an up', async (_what, content, message) => {
    if (content !== undefined) await writeFile(ca, content)
    await expect(check({ NODE_EXTRA_CA_CERTS: ca })).rejects.toMatchObject({
      code: 'PREFLIGHT',
      message: expect.stringMatching(message),
    })
  })

  it('go to the mirrors, and to nobody who stays on this machine', async () => {
    await writeFile(ca, (await issueCertificates([], Date.now())).ca)
    const outward = await outwardOf({ NODE_EXTRA_CA_CERTS: ca, HTTPS_PROXY: 'http://proxy:3128' })
    const [mirror, vault] = wantedContainers(COMPOSE, 'demo', {}, outward)
    expect(mirror?.create.Env).toEqual(
      expect.arrayContaining(['HTTPS_PROXY=http://proxy:3128', 'SSL_CERT_DIR=/etc/ssl/devenv']),
    )
    const certificates = (await readFile(ca, 'utf8')).trim()
    expect(mirror?.files).toEqual({ '/etc/ssl/devenv/ca.pem': `${certificates}\n` })
    expect(vault).toMatchObject({ files: {}, create: { Env: [] } })
    const mark = (labels: unknown) => (labels as Record<string, string>)['devenv/spec']
    const [without] = wantedContainers(COMPOSE, 'demo', {})
    expect(mark(mirror?.create.Labels)).not.toBe(mark(without?.create.Labels))
  })

  it('go to the node as a file that its programs read, with the proxies', () => {
    const config = parse(
      clusterConfig({
        environment: 'demo',
        image: 'k3s',
        size: 'lite',
        cgroupV1: false,
        rootless: false,
        hpaSyncPeriodSeconds: 1,
        apiPort: 1,
        nodePorts: {},
        repositories: { host: '/h', node: '/n' },
        volumes: [],
        mirrors: {},
        offline: false,
        proxies: proxyVariables({ https_proxy: 'http://proxy:3128', no_proxy: 'corp' }, ['10.1.1.0/24']),
        certificates: '/state/ca.pem',
      }),
    )
    expect(config.volumes.map(({ volume }: { volume: string }) => volume)).toContain(
      '/state/ca.pem:/etc/ssl/certs/devenv-ca.pem',
    )
    const variables = config.env.map(({ envVar }: { envVar: string }) => envVar)
    expect(variables[0]).toBe('HTTPS_PROXY=http://proxy:3128')
    expect(variables[1]).toMatch(/^NO_PROXY=corp,.*10\.42\.0\.0\/16.*\.svc.*10\.1\.1\.0\/24$/)
  })

  it('are in the context of image builds', async () => {
    const context = join(folder, 'context')
    await mkdir(context)
    await writeFile(join(context, 'Dockerfile'), 'FROM scratch\n')
    const path = join(folder, 'context.tar')
    await writeFile(path, await contextOf(context, 'the certificates'))
    expect((await run('tar', ['-xOf', path, 'devenv-ca.pem'])).stdout).toBe('the certificates')
    await writeFile(path, await contextOf(context, undefined))
    expect((await run('tar', ['-tf', path])).stdout).not.toContain('devenv-ca')
  })
})

const NETWORK = { networks: { devenv: { ipv4_address: '10.0.0.1' } } }
const SERVICE = { image: 'i', environment: {}, cap_add: [], ports: [], volumes: [], ...NETWORK }
const COMPOSE = { name: 'devenv', services: { 'mirror-x': SERVICE, vault: SERVICE }, volumes: {} }
