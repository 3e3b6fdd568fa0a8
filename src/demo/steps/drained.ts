/** Every message of the burst has its answer, once. */
import { assertDrained } from '../assert/delivery.ts'
import { answered } from '../messages.ts'
import type { DemoStep } from '../step.ts'

export const drained: DemoStep = {
  id: 'drained',
  title: 'Drained, nothing lost',
  sentence: 'Each message is matched with its answer: none may be lost, none answered twice.',
  needs: ['burst'],
  budgetMs: ({ tolerance }) => 120_000 * tolerance,
  async run({ shared, signal }) {
    return assertDrained(await answered(shared.burst!, signal))
  },
}
