/** Reads settings from the environment: the only configuration that a workload has. */

export type Env = Record<string, string | undefined>

/** The variable's number, or the fallback when it is unset, empty or no number of at least `min`. */
export function numberFrom(env: Env, name: string, fallback: number, min = 0): number {
  const text = env[name]?.trim()
  if (!text) return fallback
  const value = Number(text)
  return Number.isFinite(value) && value >= min ? value : fallback
}

/** The variable's text, or the fallback when it is unset or empty. */
export function textFrom(env: Env, name: string, fallback: string): string {
  return env[name]?.trim() || fallback
}

/**
 * The address to listen on. Where pods share one network namespace the kubelet gives each its own
 * address in POD_IP; everywhere else a pod listens on all of its own.
 */
export function listenHost(env: Env): string {
  return textFrom(env, 'HOST', textFrom(env, 'POD_IP', '0.0.0.0'))
}
