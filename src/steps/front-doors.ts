/** The last thing that `up` waits for: what it prints as addresses answers, and not with errors. */
import { waitFor } from '../lib/wait.ts'
import { frontDoors } from '../status/front-doors.ts'
import type { Running } from './context.ts'
import { serviceEndpoints } from './endpoints.ts'
import type { StepProgress } from './step.ts'

/** Finds out where the Services are reached, and waits until those that people open answer well. */
export async function openDoors(context: Running, { waiting, signal }: StepProgress): Promise<void> {
  const { plan, kube, cluster, record } = context
  const found = await serviceEndpoints(kube, plan.environment, cluster.services, plan.options.name, signal)
  record.endpoints = { ...record.endpoints, ...found }
  await context.save()
  await waitFor(
    'the front doors',
    async () => {
      const wrong = (await frontDoors(found, signal)).find(({ ok }) => !ok)
      return wrong ? { waiting: `${wrong.name}, which ${wrong.message}` } : { done: true }
    },
    {
      intervalMs: 200,
      signal,
      onWaiting: ({ waiting: what }) => waiting(what),
    },
  )
}
