/** serviceaccounts/token: TokenRequest. */
import { rfc3339 } from '../../../lib/clock.ts'
import { badRequest, notFound } from '../../errors.ts'
import { isRecord } from '../../store/json.ts'
import { invalid } from '../registry/invalid.ts'
import { readObject } from './body.ts'
import { nameOf, type ResourceExchange } from './exchange.ts'
import { sendObject } from './respond.ts'
import { ISSUER } from './token-signer.ts'

const DEFAULT_SECONDS = 3600
const MIN_SECONDS = 600

interface TokenSpec {
  audiences: string[]
  expirationSeconds: number
  boundObjectRef?: { kind: string; name: string; uid: string }
}

export async function handleToken(exchange: ResourceExchange): Promise<void> {
  const { context, path } = exchange
  const name = nameOf(exchange)
  const account = context.store.get('serviceaccounts', path.namespace, name)
  if (!account) throw notFound('', 'serviceaccounts', name)
  const { value } = await readObject(exchange.request)
  if (!isRecord(value)) throw badRequest('the request body is empty or not an object')
  const spec: TokenSpec = { audiences: [ISSUER], expirationSeconds: DEFAULT_SECONDS, ...present(value.spec) }
  if (spec.expirationSeconds < MIN_SECONDS) {
    throw invalid({ group: 'authentication.k8s.io', kind: 'TokenRequest' }, '', [
      {
        type: 'Invalid',
        field: 'spec.expirationSeconds',
        badValue: spec.expirationSeconds,
        detail: 'may not specify a duration less than 10 minutes',
      },
    ])
  }
  const now = context.clock.now()
  const expires = now + spec.expirationSeconds * 1000
  const { uid, creationTimestamp } = account.metadata
  const subject = {
    namespace: path.namespace!,
    name,
    uid,
    audiences: spec.audiences,
    ...(spec.boundObjectRef ? { bound: spec.boundObjectRef } : {}),
  }
  sendObject(exchange, 201, {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name, namespace: path.namespace, creationTimestamp },
    spec,
    status: {
      token: context.tokens.issue(subject, now, expires),
      expirationTimestamp: rfc3339(expires),
    },
  })
}

/** The spec without fields that stand for their defaults. */
function present(spec: unknown): Record<string, any> {
  if (!isRecord(spec)) return {}
  return Object.fromEntries(
    Object.entries(spec).filter(([, value]) => value && !(Array.isArray(value) && value.length === 0)),
  )
}
