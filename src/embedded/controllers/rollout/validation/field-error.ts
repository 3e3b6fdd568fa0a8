/** One validation error, as text: `spec.replicas: Invalid value: -1: must be …`. */

export function invalid(path: string, value: unknown, detail: string): string {
  return `${path}: Invalid value: ${JSON.stringify(value)}: ${detail}`
}

export function required(path: string, detail: string): string {
  return `${path}: Required value: ${detail}`
}

/** The first that is an error. Later checks are not made: they may rely on what an earlier one refused. */
export function firstError(...checks: (() => string | undefined)[]): string | undefined {
  for (const check of checks) {
    const error = check()
    if (error !== undefined) return error
  }
  return undefined
}
