import { describe, expect, it } from 'vitest'
import { transferFailure } from './download/failure.ts'
import { proxies, proxyOf } from './proxies.ts'

const PROXY = { HTTPS_PROXY: 'http://me:word@proxy.corp:3128' }

describe('NO_PROXY', () => {
  it.each([
    ['registry.corp', 'https://registry.corp/v2/', true],
    ['registry.corp', 'https://mirror.registry.corp/', true],
    ['registry.corp', 'https://myregistry.corp/', false],
    ['.corp', 'https://registry.corp/', true],
    ['.registry.corp', 'https://registry.corp/', false],
    ['*.corp, other', 'https://registry.corp/', true],
    ['other *', 'https://registry.corp/', true],
    ['registry.corp:5000', 'https://registry.corp:5000/', true],
    ['registry.corp:5000', 'https://registry.corp/', false],
    ['10.0.0.0/8', 'https://10.1.2.3/', true],
    ['10.0.0.0/8', 'https://11.1.2.3/', false],
    ['10.0.0.0/99', 'https://10.1.2.3/', false],
    ['fd00::/8', 'https://[fd00::1]:5000/', true],
    ['fd00::1', 'https://[fd00::1]/', true],
    ['', 'https://localhost:5000/', true],
    ['', 'https://127.1.2.3/', true],
    ['', 'https://ghcr.io/', false],
  ])('%j: %s goes straight: %s', (noProxy, url, straight) => {
    expect(proxyOf(url, { ...PROXY, NO_PROXY: noProxy }) === undefined).toBe(straight)
  })
})

describe('a proxy’s address', () => {
  it('is one of HTTP without a scheme, and is told without its login', () => {
    const env = { https_proxy: 'me:word@proxy.corp:3128', HTTPS_PROXY: 'http://other' }
    expect(proxies(env).httpsProxy).toBe('http://me:word@proxy.corp:3128')
    expect(proxyOf('https://ghcr.io/', env)).toEqual({ host: 'proxy.corp:3128', variable: 'HTTPS_PROXY' })
    expect(proxyOf('http://ghcr.io/', env)).toBeUndefined()
  })

  it.each([
    ['socks5://me:word@proxy:1080', /speaks socks5/],
    ['http://me:wo%rd@proxy:3128', /percent form/],
    ['http://me:word@proxy:port', /no URL/],
  ])('that nobody could use is refused, without a word of it: %s', (address, message) => {
    const refuse = () => proxies({ HTTPS_PROXY: address })
    expect(refuse).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
    expect(refuse).toThrow(message)
    expect(refuse).not.toThrow(/wo%?rd@/)
  })
})

describe('a download through a proxy', () => {
  const failure = (message: string, code: string, env = PROXY) =>
    transferFailure(Object.assign(new Error(message), { code }), 'https://ghcr.io/file', 'tool', env)

  it('says that the proxy wants a login, and does not try again', () => {
    const { error, worthRetry } = failure(
      'Proxy response (407) !== 200 when HTTP Tunneling',
      'UND_ERR_ABORTED',
    )
    expect(error.message).toBe(
      'tool: https://ghcr.io/file: the proxy proxy.corp:3128 (HTTPS_PROXY) refuses the login in its address, or wants one',
    )
    expect(worthRetry).toBe(false)
  })

  it('tells a proxy that is not there from a server that is not there', () => {
    expect(failure('connect ECONNREFUSED 10.0.0.1:3128', 'ECONNREFUSED').error.message).toContain(
      'the proxy proxy.corp:3128 (HTTPS_PROXY) cannot be reached: nobody listens there',
    )
    const straight = failure('connect ECONNREFUSED 10.0.0.1:443', 'ECONNREFUSED', { HTTPS_PROXY: '' })
    expect(straight.error.message).not.toContain('proxy')
  })
})
