/** Vault's requests and answers, apart from HTTP: operation, path and body in; status and JSON out. */
import { randomUUID } from 'node:crypto'
import type { Token } from './state.ts'

/** POST and PUT are `update` whether or not the target exists; policies tell create from update. */
export type Operation = 'read' | 'list' | 'update' | 'patch' | 'delete'

export interface VaultRequest {
  operation: Operation
  /** After `/v1/`, decoded, without a slash at either end (a list may address `team1/metadata`). */
  path: string
  query: URLSearchParams
  body: Record<string, any>
  contentType: string
  /** As presented; undefined when the caller sent none. */
  clientToken: string | undefined
}

/** A request whose token was accepted. */
export interface AuthenticatedRequest extends VaultRequest {
  token: Token
  clientToken: string
}

export interface VaultResponse {
  status: number
  /** Absent: no content. */
  body?: Record<string, unknown>
}

/** What went wrong, as Vault's HTTP API says it: a status and `{"errors": […]}`. */
export class VaultError extends Error {
  override readonly name = 'VaultError'
  readonly status: number
  readonly errors: string[]

  constructor(status: number, errors: string[] = []) {
    super(errors.join('; ') || `status ${status}`)
    this.status = status
    this.errors = errors
  }

  toResponse(): VaultResponse {
    return { status: this.status, body: { errors: this.errors } }
  }
}

export const permissionDenied = () => new VaultError(403, ['permission denied'])
/** A valid token whose policies do not allow it: Vault prints this one as a list. */
export const notAllowed = () => new VaultError(403, ['1 error occurred:\n\t* permission denied\n\n'])
export const notFound = () => new VaultError(404)
export const badRequest = (message: string) => new VaultError(400, [message])
export const unsupported = () => new VaultError(405, ['unsupported operation'])
export const noHandler = (path: string) =>
  new VaultError(404, [`no handler for route "${path}". route entry not found.`])

export interface Envelope {
  data?: unknown
  auth?: unknown
  warnings?: string[]
  mountType?: string
  /** Default 200. */
  status?: number
  /** Seconds. Default 0. */
  leaseDuration?: number
}

/** An answer in the envelope that every secret and auth backend uses. */
export function envelope({
  data = null,
  auth = null,
  warnings,
  mountType = '',
  status = 200,
  leaseDuration = 0,
}: Envelope): VaultResponse {
  return {
    status,
    body: {
      request_id: randomUUID(),
      lease_id: '',
      renewable: false,
      lease_duration: leaseDuration,
      data,
      wrap_info: null,
      warnings: warnings ?? null,
      auth,
      mount_type: mountType,
    },
  }
}

export const noContent = (): VaultResponse => ({ status: 204 })

/** Vault answers a list of nothing with 404. */
export function keysEnvelope(keys: string[], mountType?: string): VaultResponse {
  if (keys.length === 0) throw notFound()
  return envelope({ data: { keys: [...keys].sort() }, ...(mountType ? { mountType } : {}) })
}
