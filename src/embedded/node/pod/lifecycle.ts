/** postStart and preStop hooks: a command, an HTTP GET, or a pause. */
import { setTimeout as pause } from 'node:timers/promises'
import { type CheckTarget, check } from '../probes/check.ts'

export interface Handler {
  exec?: { command?: string[] }
  httpGet?: unknown
  sleep?: { seconds: number }
}

/** Hooks have no timeout of their own: the pod's grace bounds preStop, nothing bounds postStart. */
const UNBOUNDED_SECONDS = 24 * 3600

/** Runs a hook; answers why it failed, or undefined. */
export async function runHandler(handler: Handler, target: CheckTarget): Promise<string | undefined> {
  if (handler.sleep) {
    await pause(handler.sleep.seconds * 1000, undefined, { ref: false })
    return undefined
  }
  const result = await check({ ...handler, timeoutSeconds: UNBOUNDED_SECONDS }, target)
  return result.passed ? undefined : result.output || 'the hook failed'
}
