/** A container's terminated states as the API shows them. */
import { readFileSync } from 'node:fs'
import { rfc3339 } from '../../../lib/clock.ts'
import { logTail } from '../logs/read-log.ts'
import type { ContainerState } from './state.ts'

export interface Ending {
  exitCode: number
  startedMs: number
  finishedMs: number
  containerId: string
  logPath: string
}

const MAX_MESSAGE_BYTES = 4096
const MAX_LOG_BYTES = 2048
const MAX_LOG_LINES = 80

/** reason, times and the termination message of a run that has ended. */
export function terminatedState(container: any, ending: Ending): ContainerState {
  const message = terminationMessage(container, ending)
  return {
    terminated: {
      exitCode: ending.exitCode,
      reason: ending.exitCode === 0 ? 'Completed' : 'Error',
      ...(message ? { message } : {}),
      startedAt: rfc3339(ending.startedMs),
      finishedAt: rfc3339(ending.finishedMs),
      containerID: ending.containerId,
    },
  }
}

/** A run whose program never began. */
export function startFailedState(message: string, containerID: string, nowMs: number): ContainerState {
  const startedAt = rfc3339(0)
  return {
    terminated: {
      exitCode: 128,
      reason: 'StartError',
      message,
      startedAt,
      finishedAt: rfc3339(nowMs),
      containerID,
    },
  }
}

/** A run that ended together with the node: `status` is the container's last known one. */
export function lostState(status: any, nowMs: number): ContainerState {
  const { startedAt } = status.state.running
  const finishedAt = rfc3339(nowMs)
  return {
    terminated: { exitCode: 255, reason: 'Unknown', startedAt, finishedAt, containerID: status.containerID },
  }
}

/** The termination log where the program can have written one, else the log's end when the policy asks for it. */
function terminationMessage(container: any, ending: Ending): string {
  const path: string | undefined = container.terminationMessagePath
  if (path && path !== '/dev/termination-log') {
    try {
      return readFileSync(path).subarray(-MAX_MESSAGE_BYTES).toString('utf8')
    } catch {
      // The program wrote none.
    }
  }
  const fallback = container.terminationMessagePolicy === 'FallbackToLogsOnError' && ending.exitCode !== 0
  return fallback ? logTail(ending.logPath, MAX_LOG_LINES, MAX_LOG_BYTES) : ''
}
