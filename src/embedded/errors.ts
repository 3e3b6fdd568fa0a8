/** Status errors of the Kubernetes API (apimachinery pkg/api/errors), thrown in process and sent over HTTP. */

export interface StatusCause {
  reason?: string
  message?: string
  field?: string
}

export interface StatusDetails {
  name?: string
  group?: string
  kind?: string
  uid?: string
  causes?: StatusCause[]
  retryAfterSeconds?: number
}

/** An API failure. `reason` is '' where the real server leaves it out. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: number
  readonly reason: string
  readonly details: StatusDetails | undefined

  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message)
    this.code = code
    this.reason = reason
    this.details = details
  }

  /** The metav1.Status that the server answers with. */
  toStatus(): Record<string, unknown> {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      ...(this.reason ? { reason: this.reason } : {}),
      ...(this.details ? { details: this.details } : {}),
      code: this.code,
    }
  }
}

/** `deployments.apps` or `pods`. */
export function qualified(group: string, plural: string): string {
  return group ? `${plural}.${group}` : plural
}

export function notFound(group: string, plural: string, name: string): ApiError {
  return new ApiError(404, 'NotFound', `${qualified(group, plural)} "${name}" not found`, {
    name,
    group: group || undefined,
    kind: plural,
  })
}

export function alreadyExists(group: string, plural: string, name: string): ApiError {
  return new ApiError(409, 'AlreadyExists', `${qualified(group, plural)} "${name}" already exists`, {
    name,
    group: group || undefined,
    kind: plural,
  })
}

export function conflict(group: string, plural: string, name: string, why: string): ApiError {
  return new ApiError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(group, plural)} "${name}": ${why}`,
    { name, group: group || undefined, kind: plural },
  )
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, 'BadRequest', message)
}

/** True for an ApiError with this HTTP code. */
export function isStatus(thrown: unknown, code: number): thrown is ApiError {
  return thrown instanceof ApiError && thrown.code === code
}

/** True for the 403 of a create in a namespace that is being deleted. */
export function isNamespaceTerminating(thrown: unknown): boolean {
  return (
    isStatus(thrown, 403) &&
    thrown.details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating') === true
  )
}
