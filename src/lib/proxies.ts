/** The user's proxies, as HTTPS_PROXY, HTTP_PROXY and NO_PROXY name them: read as Go and curl read them. */
import { BlockList, isIP } from 'node:net'
import type { EnvHttpProxyAgent } from 'undici'
import { DevenvError } from './errors.ts'

type Env = Record<string, string | undefined>

interface Limits {
  /** How long a server may say nothing, in milliseconds. */
  idleMs: number
}

/** What everybody leaves out, whatever NO_PROXY says. */
const LOOPBACK = ['localhost', '127.0.0.0/8', '::1/128']

/** A proxy's name and port, for people: its address may hold a password. */
export function proxyHost(proxy: string): string {
  return URL.canParse(proxy) ? new URL(proxy).host : 'an address that is no URL'
}

/** The proxies that the user's variables name. Throws CONFIG_INVALID for an address that nobody could use. */
export function proxies(env: Env): { httpProxy: string; httpsProxy: string; noProxy: string } {
  return {
    // Empty, not absent: the agent would otherwise look into this process' own variables.
    httpProxy: proxyUrl(env, 'http_proxy'),
    httpsProxy: proxyUrl(env, 'https_proxy'),
    noProxy: env.no_proxy ?? env.NO_PROXY ?? '',
  }
}

/** An address without a scheme is one of HTTP, for Go and curl alike. */
function proxyUrl(env: Env, variable: string): string {
  const upper = variable.toUpperCase()
  const [name, value] = env[variable] === undefined ? [upper, env[upper]] : [variable, env[variable]]
  const text = value?.trim()
  if (!text) return ''
  const url = text.includes('://') ? text : `http://${text}`
  const refuse = (why: string) =>
    new DevenvError('CONFIG_INVALID', `${name}: ${why}`, {
      fix: 'Write it as http://HOST:PORT or http://USER:PASSWORD@HOST:PORT; of special characters in a password the percent form (%40 for @).',
    })
  if (!URL.canParse(url)) throw refuse('it is no URL')
  const { protocol, username, password } = new URL(url)
  if (protocol !== 'http:' && protocol !== 'https:')
    throw refuse(`a proxy that speaks ${protocol.slice(0, -1)} is not supported`)
  try {
    decodeURIComponent(username + password)
  } catch {
    throw refuse('a % in its user or password is not one of the percent form')
  }
  return url
}

/** The proxy that a request goes through, and the variable that names it; undefined for one that goes straight. */
export function proxyOf(url: string, env: Env): { host: string; variable: string } | undefined {
  const { httpProxy, httpsProxy, noProxy } = proxies(env)
  const { protocol, hostname, port } = new URL(url)
  const [proxy, variable] = protocol === 'https:' ? [httpsProxy, 'HTTPS_PROXY'] : [httpProxy, 'HTTP_PROXY']
  if (!proxy || goesStraight(hostname, port || (protocol === 'https:' ? '443' : '80'), noProxy))
    return undefined
  return { host: proxyHost(proxy), variable }
}

/** Whether NO_PROXY names a host: by itself, as a domain above it, with `*`, or as an address in a network. */
function goesStraight(hostname: string, port: string, noProxy: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase()
  return entriesOf(noProxy).some((entry) => {
    if (entry === '*') return true
    if (entry.includes('/')) return isIn(host, entry)
    const [, name = '', at] = /^\[?([^\]]+?)\]?(?::(\d+))?$/.exec(isIP(entry) ? `[${entry}]` : entry) ?? []
    if (at !== undefined && at !== port) return false
    const domain = name.replace(/^\*?\./, '')
    return (domain === name && host === domain) || host.endsWith(`.${domain}`)
  })
}

function entriesOf(noProxy: string): string[] {
  const named = noProxy.toLowerCase().split(/[\s,]+/)
  return [...named.filter((entry) => entry !== ''), ...LOOPBACK]
}

function isIn(host: string, network: string): boolean {
  const [address = '', bits] = network.split('/')
  const family = isIP(address)
  if (family === 0 || isIP(host) !== family) return false
  const list = new BlockList()
  const type = family === 6 ? 'ipv6' : 'ipv4'
  try {
    list.addSubnet(address, Number(bits), type)
  } catch {
    // A network that is none names nobody.
    return false
  }
  return list.check(host, type)
}

/**
 * What undici's requests for an address go through. It knows no networks in NO_PROXY: an address that is in one is
 * added by itself.
 */
export async function proxyAgent(url: string, env: Env, { idleMs }: Limits): Promise<EnvHttpProxyAgent> {
  const { EnvHttpProxyAgent: Agent, Pool } = await import('undici')
  const named = proxies(env)
  const { hostname } = new URL(url)
  const straight = proxyOf(url, env) === undefined ? [hostname] : []
  return new Agent({
    ...named,
    noProxy: [named.noProxy, 'localhost', ...straight].filter(Boolean).join(','),
    bodyTimeout: idleMs,
    headersTimeout: idleMs,
    // A proxy that takes the connection and says nothing.
    clientFactory: (origin: URL, options: object) => new Pool(origin, { ...options, headersTimeout: idleMs }),
  } as never)
}
