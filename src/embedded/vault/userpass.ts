/** Userpass: a user name and a password are exchanged for a token. */
import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto'
import { policyNames } from './approle.ts'
import {
  badRequest,
  envelope,
  keysEnvelope,
  noContent,
  noHandler,
  notFound,
  type VaultRequest,
  type VaultResponse,
} from './request.ts'
import { seconds } from './seconds.ts'
import type { User, VaultState } from './state.ts'
import { authBlock, issueToken } from './tokens.ts'

type Users = Record<string, User>

/** POST `login/<user>` with `password`. */
export function loginUserpass(
  state: VaultState,
  users: Users,
  mount: string,
  name: string,
  body: Record<string, any>,
  now: number,
): VaultResponse {
  const user = users[name.toLowerCase()]
  const given = hashPassword(String(body.password ?? ''), user?.salt ?? '')
  if (!user || !timingSafeEqual(given, Buffer.from(user.hash, 'hex'))) {
    throw badRequest('invalid username or password')
  }
  const { id, token } = issueToken(
    state,
    {
      policies: [...user.policies, 'default'],
      displayName: `${mount.replaceAll('/', '-')}${name}`,
      path: `auth/${mount}login/${name}`,
      meta: { username: name },
      ttl: user.ttl,
      orphan: true,
    },
    now,
  )
  return envelope({ auth: authBlock(token, id, now), mountType: 'userpass' })
}

/** `users` and `users/<name>`. */
export function manageUserpass(users: Users, path: string, { operation, body }: VaultRequest): VaultResponse {
  const [top, rawName] = path.split('/')
  if (top !== 'users') throw noHandler(path)
  if (!rawName) return keysEnvelope(Object.keys(users), 'userpass')
  const name = rawName.toLowerCase()
  const existing = users[name]
  if (operation === 'delete') {
    delete users[name]
    return noContent()
  }
  if (operation === 'read') {
    if (!existing) throw notFound()
    return envelope({
      data: { token_policies: existing.policies, token_ttl: existing.ttl },
      mountType: 'userpass',
    })
  }
  if (!existing && !body.password) throw badRequest('missing password')
  const policies = body.token_policies ?? body.policies
  users[name] = {
    ...(body.password ? newPassword(String(body.password)) : { salt: existing!.salt, hash: existing!.hash }),
    policies: policies === undefined ? (existing?.policies ?? []) : policyNames(policies),
    ttl: body.token_ttl === undefined ? (existing?.ttl ?? 0) : seconds(body.token_ttl),
  }
  return noContent()
}

function newPassword(password: string): Pick<User, 'salt' | 'hash'> {
  const salt = randomBytes(16).toString('hex')
  return { salt, hash: hashPassword(password, salt).toString('hex') }
}

const hashPassword = (password: string, salt: string) => scryptSync(password, salt, 32)
