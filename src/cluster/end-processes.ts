/** Ends what still carries an environment's mark: what a stop left, or a command that was killed. */
import { setTimeout as sleep } from 'node:timers/promises'
import { processesOf } from '../lib/daemon.ts'

const KILL_WAIT_MS = 3000
const LOOK_MS = 20

/** SIGKILL to every process of the environment until none is left; answers those that would not go. */
export async function killMarked(name: string, stateDir: string): Promise<number[]> {
  const deadline = Date.now() + KILL_WAIT_MS
  for (;;) {
    const alive = processesOf(name, stateDir)
    if (alive.length === 0 || Date.now() > deadline) return alive
    for (const pid of alive) kill(pid)
    await sleep(LOOK_MS)
  }
}

/** Waits until the environment has no process, `timeoutMs` at most; answers whether it has none. */
export async function endedByThemselves(name: string, stateDir: string, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs
  while (processesOf(name, stateDir).length > 0) {
    if (Date.now() > deadline) return false
    await sleep(LOOK_MS)
  }
  return true
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Gone already, or not ours: the next look tells.
  }
}
