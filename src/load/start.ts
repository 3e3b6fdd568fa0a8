/** Puts a load together for a real environment: its target, its workers, its seeds. */
import { KubeClient } from '../lib/kube/client.ts'
import { reachBroker } from '../lib/rabbitmq.ts'
import type { RunRecord } from '../lib/record.ts'
import { amqpTarget } from './amqp/target.ts'
import { coreApiPath, reachCoreApi } from './core-api.ts'
import { SILENCE_MS } from './drain.ts'
import { httpTarget } from './http/target.ts'
import { readPayloads, sizedPayload } from './payloads.ts'
import { planLoad, type Shape } from './plan.ts'
import type { Via } from './report.ts'
import { type LoadOutcome, type LoadPorts, runLoad } from './run.ts'
import { findWorkers, followWorkers } from './workers.ts'

export interface LoadOptions extends Shape {
  taskMs?: number
  /** The size of each request; default: the requests of seeds/payloads. */
  payloadBytes?: number
  via: Via
  wait: boolean
  /** Default: a quarter of an hour after the last message is due. */
  timeoutMs?: number
  /** Of one request, with `via` core-api. */
  requestTimeoutMs: number
  checkout: string
}

/** For the answers that are still missing when everything is sent, and the workers' way back to rest. */
const DRAIN_MS = 15 * 60_000

/** Runs a load against the environment of this record. */
export async function startLoad(
  record: RunRecord,
  options: LoadOptions,
  ports: Pick<LoadPorts, 'onTick' | 'signal' | 'enough'>,
): Promise<LoadOutcome> {
  const planned = await planLoad(options, options.checkout)
  const queues = planned.queues.map(({ queue }) => queue)
  const payloads = await Promise.all(
    queues.map(async (queue) =>
      options.payloadBytes === undefined
        ? readPayloads(queue, options.checkout)
        : [sizedPayload(queue, options.payloadBytes)],
    ),
  )
  const taskMs = options.taskMs ?? planned.taskMs
  const requests = { payloads, ...(taskMs === undefined ? {} : { taskMs }) }

  await using stack = new AsyncDisposableStack()
  const client = stack.adopt(
    await KubeClient.fromFile(record.cluster.kubeconfig, record.cluster.context),
    (opened) => opened.close(),
  )
  const workers = await findWorkers(client, record.namespace, queues)
  const access = stack.use(await reachBroker(record, client))
  const openTarget =
    options.via === 'amqp'
      ? amqpTarget({ ...requests, access, queues: queues.map(({ name }) => name) })
      : httpTarget({
          ...requests,
          url: stack.use(await reachCoreApi(record, client)).url,
          routes: queues.map((queue) => ({ queue: queue.name, path: coreApiPath(queue) })),
          timeoutMs: options.requestTimeoutMs,
          broker: access,
        })
  const plan = {
    queues: planned.queues.map((part) => ({
      ...part,
      floor: workers.find((worker) => worker.queue === part.queue)?.floor ?? 0,
    })),
    wait: options.wait,
    timeoutMs: options.timeoutMs ?? planned.lastDueMs + DRAIN_MS,
    silenceMs: SILENCE_MS,
    about: { ...planned.about, via: options.via },
  }
  return await runLoad(plan, {
    ...ports,
    openTarget,
    followReplicas: (changed, signal) =>
      followWorkers(
        client,
        record.namespace,
        workers,
        (worker, replicas) => changed(queues.indexOf(worker.queue), replicas),
        signal,
      ),
  })
}
