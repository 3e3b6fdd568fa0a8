/** A burst of messages: from zero to all workers. */
import { assertScaleOut } from '../assert/scaling.ts'
import { rested } from '../messages.ts'
import type { DemoStep } from '../step.ts'

/** Enough work for all five workers to be seen together, few enough to be through in half a minute. */
const MESSAGES = 250
const TASK_MS = 250

export const burst: DemoStep = {
  id: 'burst',
  title: 'Burst: zero to five',
  sentence: `${MESSAGES} messages at once: KEDA sees the queue and starts the first worker, the HPA the others.`,
  needs: [],
  budgetMs: ({ peakMs, zeroMs }) => 2 * peakMs + zeroMs,
  async run(context) {
    const { bounds, load, signal, say } = context
    await rested(context)
    const running = load({ messages: MESSAGES, taskMs: TASK_MS, wait: true, via: 'amqp' })
    context.shared.burst = running
    const view = await running.until(
      `${bounds.max} workers`,
      ({ queues: [queue] }) => {
        const { replicas, ledger } = queue!.account
        return replicas.report(null).peak >= bounds.max || ledger.replied === ledger.size
      },
      signal,
    )
    const { account } = view.queues[0]!
    say(`${account.depth} messages still wait, ${account.replicas.now.ready} workers are on them`)
    return assertScaleOut(account.replicas.report(null), bounds)
  },
}
