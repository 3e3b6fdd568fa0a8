/** The broker's rotation as the demo needs it: what `secret rotate rabbitmq` does, stage by stage. */
import type { RotationStage } from '../demo/step.ts'
import type { RunRecord } from '../lib/record.ts'

/** Throws what the first stage that fails throws. */
export async function rotateBroker(
  record: RunRecord,
  signal: AbortSignal,
  waiting: (what: string) => void,
): Promise<RotationStage[]> {
  const { planRotation } = await import('../steps/run-secret.ts')
  const { run } = await planRotation(record, 'rabbitmq')
  const { timings } = await run(
    {
      started: ({ title }) => waiting(title),
      waiting: ({ title }, what) => waiting(`${title}: ${what}`),
      ended: () => undefined,
    },
    signal,
  )
  return timings.steps.toSorted((a, b) => a.endMs - b.endMs).map(({ title, endMs }) => ({ title, endMs }))
}
