/** urlParse and urlJoin, with net/url's parsing and escaping. */
import { fromBytes, toBytes } from '../go/bytes.ts'
import { quote } from '../go/strconv.ts'
import { type GoMap, kindOf } from '../go/value.ts'
import { FuncError } from '../template/errors.ts'
import { type FuncTable, func } from '../template/func.ts'

const PARTS = ['scheme', 'host', 'hostname', 'path', 'query', 'opaque', 'fragment', 'userinfo'] as const
type Url = Record<(typeof PARTS)[number], string>

function fail(url: string, why: string): never {
  throw new FuncError(`unable to parse url: parse ${quote(url)}: ${why}`)
}

function unescapeUrl(url: string, text: string): string {
  const bytes: number[] = []
  const raw = toBytes(text)
  for (let i = 0; i < raw.length; i++) {
    if (raw[i] !== 0x25) {
      bytes.push(raw[i] ?? 0)
      continue
    }
    const hex = String.fromCharCode(raw[i + 1] ?? 0, raw[i + 2] ?? 0)
    if (!/^[0-9a-fA-F]{2}$/.test(hex)) fail(url, `invalid URL escape ${quote(text.slice(i, i + 3))}`)
    bytes.push(Number.parseInt(hex, 16))
    i += 2
  }
  return fromBytes(Uint8Array.from(bytes))
}

function escapeUrl(text: string, allowed: RegExp): string {
  let out = ''
  for (const byte of toBytes(text)) {
    const char = String.fromCharCode(byte)
    out +=
      /[A-Za-z0-9\-_.~]/.test(char) || allowed.test(char)
        ? char
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return out
}

function parse(url: string): Url {
  const out: Url = {
    scheme: '',
    host: '',
    hostname: '',
    path: '',
    query: '',
    opaque: '',
    fragment: '',
    userinfo: '',
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no URL may have one
  if (/[\x00-\x1f\x7f]/.test(url)) fail(url, 'net/url: invalid control character in URL')
  const hash = url.indexOf('#')
  let rest = hash < 0 ? url : url.slice(0, hash)
  if (hash >= 0) out.fragment = unescapeUrl(url, url.slice(hash + 1))
  const scheme = /^([a-zA-Z][a-zA-Z0-9+\-.]*):/.exec(rest)
  if (scheme) {
    out.scheme = (scheme[1] ?? '').toLowerCase()
    rest = rest.slice(scheme[0].length)
  } else if (rest.startsWith(':')) {
    fail(url, 'missing protocol scheme')
  }
  const question = rest.indexOf('?')
  if (question >= 0) {
    out.query = rest.slice(question + 1)
    rest = rest.slice(0, question)
  }
  if (!rest.startsWith('/')) {
    if (out.scheme) return { ...out, opaque: rest }
    if ((rest.split('/')[0] ?? '').includes(':')) fail(url, 'first path segment in URL cannot contain colon')
  }
  if (rest.startsWith('//')) {
    const slash = rest.indexOf('/', 2)
    const authority = rest.slice(2, slash < 0 ? undefined : slash)
    rest = slash < 0 ? '' : rest.slice(slash)
    const at = authority.lastIndexOf('@')
    if (at >= 0) out.userinfo = userinfo(url, authority.slice(0, at))
    out.host = unescapeUrl(url, authority.slice(at + 1))
    const port = /:([^:\]]*)$/.exec(out.host)
    if (port && !/^\d*$/.test(port[1] ?? '')) fail(url, `invalid port ${quote(port[0])} after host`)
    out.hostname = out.host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1')
  }
  out.path = unescapeUrl(url, rest)
  return out
}

const USER = /[$&+,;=]/

/** user:password as net/url writes it back. */
function userinfo(url: string, text: string): string {
  const [user = '', ...password] = text.split(':')
  const name = escapeUrl(unescapeUrl(url, user), USER)
  return password.length === 0 ? name : `${name}:${escapeUrl(unescapeUrl(url, password.join(':')), USER)}`
}

function part(map: GoMap, key: string): string {
  const value = map.get(key)
  if (value === undefined) return ''
  if (typeof value !== 'string') {
    throw new FuncError(`unable to parse ${key} key, must be of type string, but ${kindOf(value)} found`)
  }
  return value
}

function join(map: GoMap): string {
  const get = (key: string) => part(map, key)
  const user = get('userinfo')
  let out = get('scheme') ? `${get('scheme')}:` : ''
  if (get('opaque')) {
    out += get('opaque')
  } else {
    const host = get('host')
    const path = escapeUrl(get('path'), /[$&+,/:;=@]/)
    if (host || user || (get('scheme') && path.startsWith('//'))) {
      out += `//${user ? `${userinfo(user, user)}@` : ''}${escapeUrl(host, /[!$&'()*+,;=:[\]<>"]/)}`
      if (path && !path.startsWith('/')) out += '/'
    } else if (!out && (path.split('/')[0] ?? '').includes(':')) {
      out += './'
    }
    out += path
  }
  if (get('query')) out += `?${get('query')}`
  if (get('fragment')) out += `#${escapeUrl(get('fragment'), /[$&+,/:;=?@!()*]/)}`
  return out
}

export const url: FuncTable = {
  urlParse: func('string', (text) => {
    const parsed = parse(text)
    return new Map<string, unknown>(PARTS.map((name) => [name, parsed[name]]))
  }),
  urlJoin: func('map', join),
}
