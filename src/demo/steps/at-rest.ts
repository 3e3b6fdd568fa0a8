/** Nothing to do, nobody works: where the story begins. */
import { listQueues } from '../../lib/rabbitmq.ts'
import { assertRest, type WorkerNow } from '../assert/scaling.ts'
import { settledTag, workersNow } from '../look.ts'
import type { DemoStep } from '../step.ts'

export const atRest: DemoStep = {
  id: 'rest',
  title: 'Everything at rest',
  sentence: 'Without messages KEDA keeps every worker at zero: what nobody needs costs nothing.',
  needs: [],
  budgetMs: ({ zeroMs }) => zeroMs,
  async run({ live, stack, until, broker }) {
    await using access = await broker()
    const workers = await until<WorkerNow[]>(() => {
      const now = workersNow(live, stack)
      const stackNow = settledTag(live, stack)
      if ('missing' in stackNow) return { waiting: stackNow.missing }
      if (!now) return { waiting: 'the workers' }
      const busy = now.find(({ desired, current, floor }) => desired > floor || current > floor)
      return busy ? { waiting: `${busy.name} to rest` } : { done: now }
    })
    const queues = await listQueues(access)
    const names = stack.workers.map(({ queue }) => queue.name)
    const messages = queues
      .filter(({ name }) => names.includes(name))
      .reduce((sum, { ready, unacked }) => sum + ready + unacked, 0)
    return assertRest(workers, messages)
  },
}
