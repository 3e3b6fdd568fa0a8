/** Who may speak to the dashboard: only a page that it served itself, in the hands of whoever has the token. Pure. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

export interface Refusal {
  status: 401 | 403
  message: string
}

/**
 * Refuses requests under a name that is not the loopback's: a web site can point a name of its own at 127.0.0.1
 * (DNS rebinding), but the browser still sends that name. Pages of other origins are refused for the same reason.
 */
export function refuseStranger(headers: IncomingHttpHeaders, port: number): Refusal | undefined {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
  const host = headers.host?.toLowerCase() ?? ''
  if (!hosts.includes(host)) return { status: 403, message: `Host must be ${hosts.join(' or ')}` }
  if (headers.origin !== undefined && headers.origin !== `http://${host}`)
    return { status: 403, message: 'another origin may not ask' }
  const site = headers['sec-fetch-site']
  // "none" is an address that was typed or opened from a file; a link from elsewhere may only load the empty page.
  const navigates = headers['sec-fetch-mode'] === 'navigate'
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !navigates)
    return { status: 403, message: 'another site may not ask' }
  return undefined
}

/** Refuses requests without `Authorization: Bearer TOKEN`. */
export function refuseWithoutToken(headers: IncomingHttpHeaders, token: string): Refusal | undefined {
  const given = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1]
  if (given !== undefined && timingSafeEqual(digest(given), digest(token))) return undefined
  return {
    status: 401,
    message: 'the token is missing or not the right one: npm run dashboard prints the address with it',
  }
}

/** Of equal length whatever was given, as the comparison in constant time wants it. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
