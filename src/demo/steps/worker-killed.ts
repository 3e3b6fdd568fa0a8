/** A worker dies with a task in hand: the broker gives the task to another one. */
import { redeliveries } from '../../lib/rabbitmq.ts'
import { PODS } from '../../rollout/find.ts'
import { assertRedelivery } from '../assert/delivery.ts'
import { replicasOf } from '../look.ts'
import { answered } from '../messages.ts'
import { DEPLOYMENTS } from '../stack.ts'
import type { DemoContext, DemoStep } from '../step.ts'

/** Few messages, of which the worker holds each much longer than it has to end. */
const MESSAGES = 3
const TASK_MS = 5_000
/** A kubelet makes two of it. With none at all it gives the pod's own grace, and the worker ends in peace. */
const GRACE_SECONDS = 1

export const workerKilled: DemoStep = {
  id: 'killed',
  title: 'A worker killed amid its work',
  sentence: 'A pod that works is killed before it is done: its task is not acknowledged, so another gets it.',
  needs: [],
  budgetMs: ({ peakMs, zeroMs, tolerance }) => peakMs + zeroMs + 90_000 * tolerance,
  async run(context) {
    const { kube, stack, load, signal, say, broker } = context
    const { namespace, queue } = stack
    await using access = await broker()
    const redeliveredBefore = await redeliveries(access, queue.name)
    const running = load({ messages: MESSAGES, taskMs: TASK_MS, wait: true, via: 'amqp' })
    // One answered: its worker has the next one in hand, as prefetch is 1 and more are waiting.
    await running.until('a worker was busy', ({ queues: [one] }) => one!.account.ledger.replied > 0, signal)
    const pod = await busyPod(context)
    const before = ready(context).length
    const killedAt = context.now()
    await kube.delete(PODS, pod, { namespace, gracePeriodSeconds: GRACE_SECONDS })
    say(`${pod} is killed while it works`)
    const replacedMs = await replaced(context, pod, before, killedAt)
    const report = await answered(running, signal)
    const redeliveredAfter = await redeliveries(access, queue.name)
    return assertRedelivery(report, {
      pod,
      redeliveredBefore,
      redeliveredAfter,
      replacedMs,
    })
  },
}

/** The worker's oldest ready pod: it works. */
function busyPod({ live, stack, until }: DemoContext): Promise<string> {
  return until<string>(() => {
    const [oldest] = ready({ live, stack }).sort((a, b) =>
      String(a.metadata.creationTimestamp).localeCompare(String(b.metadata.creationTimestamp)),
    )
    return oldest ? { done: oldest.metadata.name } : { waiting: `a ready pod of ${stack.worker}` }
  })
}

/** Until as many others are ready as there were with it; null when KEDA wants fewer by then. */
async function replaced(
  { live, stack, until, now }: DemoContext,
  killed: string,
  before: number,
  killedAt: number,
): Promise<number | null> {
  return until<number | null>(() => {
    const others = ready({ live, stack }).filter(({ metadata }) => metadata.name !== killed)
    if (others.length >= before) return { done: now() - killedAt }
    const worker = live.get(DEPLOYMENTS, stack.namespace, stack.worker)
    if (worker && replicasOf(worker).desired < before) return { done: null }
    return { waiting: `another pod of ${stack.worker}` }
  })
}

function ready({ live, stack: { namespace, worker } }: Pick<DemoContext, 'live' | 'stack'>) {
  return live.list(PODS, namespace).filter(({ metadata, status }) => {
    const isReady = status?.conditions?.some((one: any) => one.type === 'Ready' && one.status === 'True')
    return metadata.name.startsWith(`${worker}-`) && isReady && !metadata.deletionTimestamp
  })
}
