/** ServiceAccount tokens: JWTs that this server signs (ES256) and recognises. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  randomUUID,
  sign,
  verify,
} from 'node:crypto'
import { isRecord } from '../../store/json.ts'
import type { User } from './user.ts'

export const ISSUER = 'https://kubernetes.default.svc.cluster.local'

export interface TokenSubject {
  namespace: string
  name: string
  uid: string
  audiences: string[]
  /** The object that the token is bound to. */
  bound?: { kind: string; name: string; uid: string }
}

/** Signs and verifies with one EC P-256 key. */
export class TokenSigner {
  readonly #privateKey: KeyObject
  readonly #publicKey: KeyObject
  readonly #keyId: string

  /** `keyPem`: a private EC key, PKCS #8. */
  constructor(keyPem: string) {
    this.#privateKey = createPrivateKey(keyPem)
    this.#publicKey = createPublicKey(this.#privateKey)
    const der = this.#publicKey.export({ type: 'spki', format: 'der' })
    this.#keyId = createHash('sha256').update(der).digest('base64url')
  }

  /** A token that is valid from now until `expiresMs`. */
  issue(subject: TokenSubject, nowMs: number, expiresMs: number): string {
    const { namespace, name, uid, audiences, bound } = subject
    const seconds = Math.floor(nowMs / 1000)
    const payload = {
      aud: audiences,
      exp: Math.floor(expiresMs / 1000),
      iat: seconds,
      iss: ISSUER,
      jti: randomUUID(),
      'kubernetes.io': {
        namespace,
        ...(bound ? { [bound.kind.toLowerCase()]: { name: bound.name, uid: bound.uid } } : {}),
        serviceaccount: { name, uid },
      },
      nbf: seconds,
      sub: `system:serviceaccount:${namespace}:${name}`,
    }
    const head = encode({ alg: 'ES256', kid: this.#keyId })
    const text = `${head}.${encode(payload)}`
    const signature = sign('sha256', Buffer.from(text), {
      key: this.#privateKey,
      dsaEncoding: 'ieee-p1363',
    })
    return `${text}.${signature.toString('base64url')}`
  }

  /** The ServiceAccount of a token that is ours and still valid. */
  verify(token: string, nowMs: number): User | undefined {
    const [head, body, signature, ...rest] = token.split('.')
    if (!head || !body || !signature || rest.length > 0) return undefined
    const ours = verify(
      'sha256',
      Buffer.from(`${head}.${body}`),
      { key: this.#publicKey, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    )
    if (!ours) return undefined
    const claims: unknown = JSON.parse(Buffer.from(body, 'base64url').toString())
    if (!isRecord(claims) || claims.exp * 1000 <= nowMs) return undefined
    const { namespace, serviceaccount } = claims['kubernetes.io']
    return {
      name: claims.sub,
      uid: serviceaccount.uid,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
    }
  }

  /** /.well-known/openid-configuration. */
  configuration(): Record<string, unknown> {
    return {
      issuer: ISSUER,
      jwks_uri: `${ISSUER}/openid/v1/jwks`,
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
    }
  }

  /** /openid/v1/jwks. */
  keys(): Record<string, unknown> {
    const key = this.#publicKey.export({ format: 'jwk' })
    return { keys: [{ use: 'sig', kid: this.#keyId, alg: 'ES256', ...key }] }
  }
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
