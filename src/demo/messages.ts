/** Waits that several steps share: until the worker rests, until every message has its answer. */
import type { QueueReport } from '../load/report.ts'
import { workersNow } from './look.ts'
import type { RunningLoad } from './running-load.ts'
import type { DemoContext } from './step.ts'

/** So that what comes next is seen to start from nothing. */
export function rested({ live, stack, until }: DemoContext): Promise<void> {
  return until<void>(() => {
    const worker = workersNow(live, stack)?.find(({ name }) => name === stack.worker)
    const rests = worker && worker.desired === worker.floor && worker.current === worker.floor
    return rests ? { done: undefined } : { waiting: `${stack.worker} to rest` }
  })
}

/** How its one queue stands when no answer is outstanding; the workers may still be up. */
export async function answered(running: RunningLoad, signal: AbortSignal): Promise<QueueReport> {
  const { queues } = await running.until(
    'every message was answered',
    ({ queues: [queue] }) => {
      const { ledger } = queue!.account
      return ledger.published === ledger.size && ledger.outstanding === 0
    },
    signal,
  )
  return queues[0]!.account.report(true)
}
