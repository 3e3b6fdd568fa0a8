/** `auth/token/…`: create, lookup, renew and revoke. */
import {
  type AuthenticatedRequest,
  badRequest,
  envelope,
  noContent,
  noHandler,
  notAllowed,
  VaultError,
  type VaultResponse,
} from './request.ts'
import { seconds } from './seconds.ts'
import type { Token, VaultState } from './state.ts'
import {
  authBlock,
  describeToken,
  findByAccessor,
  findToken,
  issueToken,
  renewToken,
  revokeToken,
} from './tokens.ts'

/** Answers a request below `auth/token/`. */
export function handleToken(
  state: VaultState,
  path: string,
  request: AuthenticatedRequest,
  now: number,
): VaultResponse {
  const { token, clientToken, body } = request
  switch (path) {
    case 'lookup-self':
      return envelope({ data: describeToken(token, clientToken, now), mountType: 'token' })
    case 'renew-self':
      return renew(token, clientToken, body, now)
    case 'revoke-self':
      revokeToken(state, token)
      return noContent()
    case 'create':
    case 'create-orphan':
      return create(state, request, path === 'create-orphan' || body.no_parent === true, now)
    case 'lookup': {
      const { id, found } = namedToken(state, body, now)
      return envelope({ data: describeToken(found, id, now), mountType: 'token' })
    }
    case 'renew': {
      const { id, found } = namedToken(state, body, now)
      return renew(found, id, body, now)
    }
    case 'revoke':
      revokeToken(state, namedToken(state, body, now).found)
      return noContent()
    case 'lookup-accessor':
      return envelope({
        data: describeToken(findByAccessor(state, String(body.accessor)), '', now),
        mountType: 'token',
      })
    case 'revoke-accessor':
      revokeToken(state, findByAccessor(state, String(body.accessor)))
      return noContent()
    default:
      throw noHandler(`auth/token/${path}`)
  }
}

/** The token that the body names. */
function namedToken(state: VaultState, body: Record<string, any>, now: number): { id: string; found: Token } {
  const id = String(body.token ?? '')
  if (!id) throw badRequest('missing token ID')
  const found = findToken(state, id, now)
  if (!found) throw new VaultError(403, ['bad token'])
  return { id, found }
}

function renew(token: Token, id: string, body: Record<string, any>, now: number): VaultResponse {
  renewToken(token, seconds(body.increment), now)
  return envelope({ auth: authBlock(token, id, now), mountType: 'token' })
}

function create(
  state: VaultState,
  { token: parent, body }: AuthenticatedRequest,
  orphan: boolean,
  now: number,
): VaultResponse {
  const isRoot = parent.policies.includes('root')
  const wanted: string[] = body.policies ?? parent.policies
  if (!isRoot && wanted.some((name) => !parent.policies.includes(name))) {
    throw badRequest('child policies must be subset of parent')
  }
  if (!isRoot && (body.id !== undefined || orphan)) throw notAllowed()
  const policies = wanted.includes('root') || body.no_default_policy ? wanted : [...wanted, 'default']
  const { id, token } = issueToken(
    state,
    {
      ...(body.id === undefined ? {} : { id: String(body.id) }),
      policies,
      displayName: body.display_name ? `token-${body.display_name}` : 'token',
      path: 'auth/token/create',
      meta: body.meta ?? null,
      ttl: seconds(body.ttl ?? body.lease),
      explicitMaxTtl: seconds(body.explicit_max_ttl),
      period: seconds(body.period),
      renewable: body.renewable !== false,
      numUses: Number(body.num_uses ?? 0),
      orphan,
      ...(orphan ? {} : { parent: parent.accessor }),
    },
    now,
  )
  return envelope({ auth: authBlock(token, id, now), mountType: 'token' })
}
