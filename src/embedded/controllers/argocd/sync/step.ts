/** The next step of a running sync: wait, run a wave, or finish. Pure, but for the results it writes to the tasks. */
import { deletePolicies } from '../annotations.ts'
import { healthOf } from '../health/health.ts'
import type { OperationPhase } from '../types.ts'
import { isMultiStep } from './order.ts'
import {
  isCompleted,
  isPending,
  isPrune,
  isRunning,
  isSuccessful,
  objectOf,
  record,
  type SyncTask,
  titleOf,
} from './task.ts'

export type Step =
  | { do: 'wait'; message: string }
  | { do: 'run'; tasks: SyncTask[]; remaining: SyncTask[]; finalWave: boolean }
  | { do: 'runFailHooks'; tasks: SyncTask[]; message: string }
  | { do: 'finish'; phase: OperationPhase; message: string }

const INCOMPLETE = 'one or more synchronization tasks completed unsuccessfully'

/**
 * `sorted` are all tasks of the operation with the results and the live objects of this moment. Hooks and, in a
 * sync of several steps, plain resources are waited for; the last wave of plain resources is not.
 */
export function nextStep(sorted: SyncTask[], options: { outOfSyncOnly: boolean }): Step {
  for (const task of sorted) if (isRunning(task)) observe(task)
  const multiStep = isMultiStep(sorted.filter(({ phase }) => phase !== 'SyncFail'))
  const running = sorted.filter((task) => isRunning(task) && (multiStep || task.hook))
  if (running.length > 0) return { do: 'wait', message: waitingFor(running) }
  const going = sorted.filter(
    (task) => task.result?.status === 'Pruned' && task.live?.metadata.deletionTimestamp,
  )
  if (going.length > 0) return { do: 'wait', message: waitingFor(going, 'deletion of') }

  const plain = sorted.filter(({ phase }) => phase !== 'SyncFail')
  if (plain.some((task) => isCompleted(task) && !isSuccessful(task))) return failure(sorted, INCOMPLETE)
  const pending = plain.filter(isPending).filter((task) => !options.outOfSyncOnly || isNeeded(task))
  const [first] = pending
  if (!first) return { do: 'finish', phase: 'Succeeded', message: 'successfully synced (no more tasks)' }
  const inWave = ({ phase, wave }: SyncTask) => phase === first.phase && wave === first.wave
  const last = pending.at(-1)!
  return {
    do: 'run',
    tasks: pending.filter(inWave),
    remaining: pending.filter((task) => !inWave(task) || task.hook),
    finalWave: inWave(last),
  }
}

/** After a failure: SyncFail hooks run first, then the operation has failed. */
export function failure(sorted: SyncTask[], summary: string): Step {
  const reasons = sorted
    .filter(({ result }) => result?.status === 'SyncFailed')
    .map(({ result }) => result!.message)
  const message = reasons.length > 0 ? `${summary}, reason: ${reasons.join(',')}` : summary
  const pending = sorted.filter((task) => task.phase === 'SyncFail' && isPending(task))
  if (pending.length > 0) return { do: 'runFailHooks', tasks: pending, message }
  return { do: 'finish', phase: 'Failed', message }
}

/** What ApplyOutOfSyncOnly leaves to do. */
function isNeeded(task: SyncTask): boolean {
  return task.hook || isPrune(task) || task.modified || !task.live
}

/** Brings the result of a running task up to what its live object says now. */
function observe(task: SyncTask): void {
  const { live } = task
  if (!live) {
    record(task, {
      status: 'SyncFailed',
      hookPhase: 'Error',
      message: `Resource ${titleOf(task)} is missing, it might have been deleted`,
    })
    return
  }
  const health = healthOf(live)
  const message = health?.message ? { message: health.message } : {}
  if (!health || health.status === 'Healthy') record(task, { hookPhase: 'Succeeded', ...message })
  else if (health.status === 'Degraded' || (task.hook && health.status === 'Unknown')) {
    record(task, { hookPhase: 'Failed', ...message })
  } else if (task.hook) record(task, message)
}

/** `waiting for healthy state of apps/Deployment/web and 2 more resources`. */
export function waitingFor(tasks: SyncTask[], what?: string): string {
  const [first] = tasks
  if (!first) return 'one or more tasks are running'
  const [verb, noun] = first.hook ? ['completion of hook', 'hooks'] : ['healthy state of', 'resources']
  const more = tasks.length > 1 ? ` and ${tasks.length - 1} more ${noun}` : ''
  return `waiting for ${what ?? verb} ${titleOf(first)}${more}`
}

/** Hooks that their policy removes at the end of an operation with this outcome. */
export function hooksToDelete(tasks: SyncTask[], outcome: 'HookSucceeded' | 'HookFailed'): SyncTask[] {
  return tasks.filter(
    (task) => task.hook && task.live && isCompleted(task) && deletePolicies(objectOf(task)).includes(outcome),
  )
}
