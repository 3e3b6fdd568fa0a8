/** After the work the workers go. */
import { assertScaleIn } from '../assert/scaling.ts'
import type { DemoStep } from '../step.ts'

export const backToZero: DemoStep = {
  id: 'zero',
  title: 'Back to zero',
  sentence: 'The queue is empty: after its cooldown KEDA takes the last worker away.',
  needs: ['drained'],
  budgetMs: ({ zeroMs }) => 2 * zeroMs,
  async run({ shared, stack, bounds, say }) {
    say(`${stack.worker} waits for its cooldown`)
    const { report, failure } = await shared.burst!.outcome
    if (failure) throw failure
    return assertScaleIn(report.queues[stack.queue.name]!.replicas, bounds)
  },
}
