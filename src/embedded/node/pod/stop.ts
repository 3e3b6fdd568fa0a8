/** The graceful end of a process: hook, signal, and the kill when the grace is over. */
import type { Clock } from '../../../lib/clock.ts'
import type { CheckTarget } from '../probes/check.ts'
import type { ContainedProcess } from '../process/contained-process.ts'
import { type Handler, runHandler } from './lifecycle.ts'

/** A hook that used up the grace still leaves this much to end in. */
const AFTER_HOOK_MS = 2000

/** Resolves when the process has ended. Without a grace it is killed at once, hook or not. */
export async function stopProcess(
  child: ContainedProcess,
  container: any,
  target: CheckTarget,
  clock: Clock,
  graceMs: number,
  hookFailed: (why: string) => void,
): Promise<void> {
  if (graceMs <= 0) {
    child.kill()
    await child.exited
    return
  }
  const deadline = clock.now() + graceMs
  const hook: Handler | undefined = container.lifecycle?.preStop
  if (hook) {
    const { promise: late, resolve } = Promise.withResolvers<undefined>()
    const timer = clock.after(graceMs, () => resolve(undefined))
    const ended = child.exited.then(() => undefined)
    const failure = await Promise.race([runHandler(hook, target), late, ended])
    timer.cancel()
    if (failure !== undefined) hookFailed(failure)
  }
  child.signal(container.lifecycle?.stopSignal ?? 'SIGTERM')
  const leftMs = Math.max(deadline - clock.now(), hook ? AFTER_HOOK_MS : 0)
  const timer = clock.after(leftMs, () => child.kill())
  await child.exited
  timer.cancel()
}
