/** What the API server answers when it refuses, as an error that callers can match on. */

/** `code` is the HTTP status; `reason` is the machine-readable word of metav1.Status (`NotFound`, `Conflict`), '' if none. */
export class KubeError extends Error {
  override readonly name = 'KubeError'
  readonly code: number
  readonly reason: string
  readonly details: Record<string, unknown> | undefined

  constructor(code: number, reason: string, message: string, details?: Record<string, unknown>) {
    super(message)
    this.code = code
    this.reason = reason
    this.details = details
  }
}

/** The error that a response with this code and body stands for; the body need not be a Status. */
export function errorOfResponse(code: number, body: string): KubeError {
  const status = parseStatus(body)
  if (status) {
    return new KubeError(
      typeof status.code === 'number' ? status.code : code,
      typeof status.reason === 'string' ? status.reason : '',
      typeof status.message === 'string' ? status.message : `HTTP ${code}`,
      typeof status.details === 'object' && status.details !== null
        ? (status.details as Record<string, unknown>)
        : undefined,
    )
  }
  const text = (failedChecks(body) ?? body.trim()).slice(0, 500)
  return new KubeError(code, '', text === '' ? `the API server answered HTTP ${code}` : text)
}

/** A health page names forty checks that passed before the one that did not: `readyz check failed: rbac`. */
function failedChecks(body: string): string | undefined {
  const failed = [...body.matchAll(/^\[-\](\S+)/gm)].map(([, name]) => name)
  return failed.length > 0
    ? `${/\w+ check failed/.exec(body)?.[0] ?? 'not ready'}: ${failed.join(', ')}`
    : undefined
}

/** True for a KubeError with this HTTP code. */
export function isKubeError(thrown: unknown, code: number): thrown is KubeError {
  return thrown instanceof KubeError && thrown.code === code
}

function parseStatus(body: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(body)
    if (typeof parsed === 'object' && parsed !== null && 'kind' in parsed && parsed.kind === 'Status') {
      return parsed as Record<string, unknown>
    }
  } catch {
    // Not JSON: a proxy's page, or plain text.
  }
  return undefined
}
