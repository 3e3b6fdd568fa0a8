/** The broker's password is changed in Vault and arrives everywhere: also at KEDA, which may hold on to the old one. */
import { reachesBroker } from '../../lib/rabbitmq.ts'
import { assertRotation } from '../assert/rotation.ts'
import { answered, rested } from '../messages.ts'
import { SCALED_OBJECTS } from '../stack.ts'
import type { DemoContext, DemoStep } from '../step.ts'

const MESSAGES = 30
const TASK_MS = 300
const EVENTS = 'v1/events'

export const rotation: DemoStep = {
  id: 'rotation',
  title: 'Broker password rotated',
  sentence:
    'Vault, broker, Secrets, pods: a new password everywhere, and KEDA must not go on with the old one.',
  needs: [],
  budgetMs: ({ peakMs, zeroMs, tolerance }) => peakMs + zeroMs + 240_000 * tolerance,
  async run(context) {
    const { load, signal, say, broker, now } = context
    await using old = await broker()
    const began = now()
    const refusedBefore = await refusals(context)
    const stages = await context.rotateBroker()
    for (const { title, endMs } of stages) say(`${title}: ${(endMs / 1000).toFixed(1)} s`)
    const tookMs = now() - began
    await using fresh = await broker()
    const oldRefused = !(await reachesBroker(old))
    // From nothing, so that it is KEDA that brings the workers.
    await rested(context)
    const running = load({ messages: MESSAGES, taskMs: TASK_MS, wait: true, via: 'amqp' })
    const nudged = await workersCome(context, running)
    const queue = await answered(running, signal)
    return assertRotation(
      {
        stages,
        tookMs,
        secretChanged: fresh.password !== old.password,
        oldRefused,
        refusals: (await refusals(context)) - refusedBefore,
        nudged,
        peak: queue.replicas.peak,
      },
      queue,
    )
  },
}

/**
 * KEDA builds its scalers once per generation of the ScaledObject and may keep them, with the old password, for ever
 * (keda #7906, #7640). If no worker comes in time, a touched ScaledObject makes it read the Secret again; Argo CD
 * puts the touched field back. Answers whether that was needed.
 */
async function workersCome(
  { kube, stack, bounds, signal, say }: DemoContext,
  running: ReturnType<DemoContext['load']>,
): Promise<boolean> {
  const { namespace, scaledObject } = stack
  const patient = AbortSignal.any([signal, AbortSignal.timeout(bounds.firstWorkerMs)])
  const started = (within: AbortSignal) =>
    running.until('a worker came', ({ queues: [one] }) => one!.account.replicas.now.ready > 0, within)
  try {
    await started(patient)
    return false
  } catch (thrown) {
    if (!patient.aborted || signal.aborted) throw thrown
  }
  const { spec } = await kube.get(SCALED_OBJECTS, scaledObject, { namespace })
  await kube.patch(
    SCALED_OBJECTS,
    scaledObject,
    { spec: { pollingInterval: (spec.pollingInterval ?? 30) + 1 } },
    { namespace },
  )
  say('KEDA holds on to the old password: its ScaledObject is touched, so that it reads the Secret again')
  await started(signal)
  return true
}

/** How often KEDA said that a scaler failed. */
async function refusals({ kube, stack }: DemoContext): Promise<number> {
  const { items } = await kube.list(EVENTS, { namespace: stack.namespace })
  return items
    .filter(
      ({ reason, involvedObject }) =>
        reason === 'KEDAScalerFailed' && involvedObject?.kind === 'ScaledObject',
    )
    .reduce((sum, { count }) => sum + Number(count ?? 1), 0)
}
