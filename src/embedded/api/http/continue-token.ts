/** The `continue` tokens of chunked lists. */
import { badRequest } from '../../errors.ts'
import { isRecord } from '../../store/json.ts'

export interface ContinueToken {
  /** The revision that all pages show; -1: whatever is there (after the first one expired). */
  revision: number
  /** The first key of the page, `namespace/name`. */
  start: string
}

// etcd's way to say "right behind this key".
const END = '\0'

export function encodeContinue({ revision, start }: ContinueToken): string {
  const token = { v: 'meta.k8s.io/v1', rv: revision, start: `${start}${END}` }
  return Buffer.from(JSON.stringify(token)).toString('base64url')
}

/** 400 when the token was not made here. */
export function decodeContinue(token: string): ContinueToken {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString())
    if (isRecord(value) && value.v === 'meta.k8s.io/v1' && Number.isInteger(value.rv)) {
      return { revision: value.rv, start: String(value.start).replace(END, '') }
    }
  } catch {
    // Not JSON: refused below like any other token that is none.
  }
  throw badRequest('continue key is not valid: unrecognized encoded format')
}
