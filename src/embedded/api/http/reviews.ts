/** Who am I, and may I: reviews. Whoever is authenticated may do everything. */
import { badRequest } from '../../errors.ts'
import { isRecord } from '../../store/json.ts'
import { groupVersion } from '../registry/context.ts'
import { readObject } from './body.ts'
import type { Handler, ResourceExchange } from './exchange.ts'
import { sendObject } from './respond.ts'
import type { User } from './user.ts'

const ALLOWED = {
  allowed: true,
  reason: 'RBAC is not enforced: every authenticated user is an administrator',
}
const EVERYTHING = {
  resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
  incomplete: false,
}

type Answer = (exchange: ResourceExchange, spec: Record<string, any>) => unknown

const ANSWERS: Record<string, Answer> = {
  SelfSubjectAccessReview: () => ALLOWED,
  SubjectAccessReview: () => ALLOWED,
  LocalSubjectAccessReview: () => ALLOWED,
  SelfSubjectRulesReview: () => EVERYTHING,
  SelfSubjectReview: ({ user }) => ({ userInfo: userInfo(user) }),
  TokenReview: ({ context }, spec) => {
    const user = context.tokens.verify(String(spec.token ?? ''), context.clock.now())
    if (!user) return { user: {}, error: '[invalid bearer token]' }
    const audiences = spec.audiences?.length ? { audiences: spec.audiences } : {}
    return { authenticated: true, user: userInfo(user), ...audiences }
  },
}

/** The handler of a review's kind. */
export function reviewHandler(kind: string): Handler | undefined {
  const answer = ANSWERS[kind]
  if (!answer) return undefined
  return async (exchange) => {
    const { value } = await readObject(exchange.request)
    if (!isRecord(value)) throw badRequest('the request body is empty or not an object')
    const spec = isRecord(value.spec) ? value.spec : {}
    sendObject(exchange, 201, {
      ...value,
      kind,
      apiVersion: groupVersion(exchange.info),
      metadata: value.metadata ?? {},
      status: answer(exchange, spec),
    })
  }
}

function userInfo({ name, groups, uid, extra }: User) {
  return { username: name, ...(uid ? { uid } : {}), groups, ...(extra ? { extra } : {}) }
}
