/** Who asks: client certificate, bearer token, or nobody; and what nobody may see. */
import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { ApiError } from '../../errors.ts'
import { isPublic } from './static-routes.ts'
import type { TokenSigner } from './token-signer.ts'
import type { User } from './user.ts'

export interface Authenticator {
  tokens: TokenSigner
  /** Bearer token of the administrator. */
  adminToken: string
  nowMs: () => number
}

const ADMIN: User = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }
const ANONYMOUS: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] }

/** The user of a request. 401 for credentials that are none, 403 for anonymous ones outside public paths. */
export function authenticate(request: IncomingMessage, pathname: string, with_: Authenticator): User {
  const user = byToken(request, with_) ?? byCertificate(request)
  if (user) return impersonated(request, user)
  if (isPublic(pathname)) return ANONYMOUS
  throw new ApiError(
    403,
    'Forbidden',
    `forbidden: User "${ANONYMOUS.name}" cannot ${verbOf(request)} path "${pathname}"`,
  )
}

function byToken(request: IncomingMessage, { tokens, adminToken, nowMs }: Authenticator): User | undefined {
  const [scheme, token] = (request.headers.authorization ?? '').split(' ')
  if (scheme?.toLowerCase() !== 'bearer' || !token) return undefined
  const given = Buffer.from(token)
  const expected = Buffer.from(adminToken)
  if (given.length === expected.length && timingSafeEqual(given, expected)) return ADMIN
  const user = tokens.verify(token, nowMs())
  if (user) return user
  throw new ApiError(401, 'Unauthorized', 'Unauthorized')
}

function byCertificate(request: IncomingMessage): User | undefined {
  const socket = request.socket as TLSSocket
  if (!socket.authorized) return undefined
  const { subject } = socket.getPeerCertificate()
  if (!subject?.CN) return undefined
  const groups = ([] as string[]).concat(subject.O ?? [])
  return { name: String(subject.CN), groups: [...groups, 'system:authenticated'] }
}

/** Everyone here may do everything, so everyone may impersonate. */
function impersonated({ headers }: IncomingMessage, user: User): User {
  const name = headers['impersonate-user']
  if (typeof name !== 'string' || name === '') return user
  const groups = headers['impersonate-group']
  const list = groups === undefined ? [] : ([] as string[]).concat(groups).flatMap((each) => each.split(', '))
  return { name, groups: [...list, 'system:authenticated'] }
}

function verbOf(request: IncomingMessage): string {
  const verbs: Record<string, string> = { POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' }
  return verbs[request.method ?? ''] ?? 'get'
}
