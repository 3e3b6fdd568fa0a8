/** Puts a load together for a real environment: its broker, its workers, its seeds. */

import { KubeClient } from '../lib/kube/client.ts'
import { reachBroker } from '../lib/rabbitmq.ts'
import type { RunRecord } from '../lib/record.ts'
import { openAmqpBroker } from './amqp.ts'
import { messagesOf, withRate } from './profile.ts'
import { chooseQueues } from './queues.ts'
import { type LoadOutcome, type LoadPorts, runLoad } from './run.ts'
import { readPayloads, readProfile } from './seeds.ts'
import { findWorkers, followWorkers } from './workers.ts'

export interface LoadOptions {
  /** `all` or short names with commas. */
  queue: string
  /** Over all chosen queues; default: what the profile holds for each. */
  messages?: number
  /** Messages per second over all chosen queues: the profile's highest rate. */
  rate?: number
  /** A name in seeds/load or a path. */
  profile?: string
  taskMs?: number
  wait: boolean
  timeoutMs: number
  checkout: string
}

/** Runs a load against the environment of this record. */
export async function startLoad(
  record: RunRecord,
  options: LoadOptions,
  ports: Pick<LoadPorts, 'onTick' | 'signal'>,
): Promise<LoadOutcome> {
  const queues = chooseQueues(options.queue)
  const named = await readProfile(
    options.profile ?? (options.rate === undefined ? 'burst' : 'steady'),
    options.checkout,
  )
  const profile = options.rate === undefined ? named : withRate(named, options.rate / queues.length)
  const payloads = await Promise.all(queues.map((queue) => readPayloads(queue, options.checkout)))
  const taskMs = options.taskMs ?? profile.taskMs

  await using stack = new AsyncDisposableStack()
  const client = stack.adopt(
    await KubeClient.fromFile(record.cluster.kubeconfig, record.cluster.context),
    (opened) => opened.close(),
  )
  const workers = await findWorkers(client, record.namespace, queues)
  const access = stack.use(await reachBroker(record, client))
  const counts = share(options.messages ?? messagesOf(profile) * queues.length, queues.length)
  const plan = {
    queues: queues.map((queue, place) => ({
      queue,
      messages: counts[place]!,
      floor: workers.find((worker) => worker.queue === queue)?.floor ?? 0,
    })),
    profile,
    wait: options.wait,
    timeoutMs: options.timeoutMs,
  }
  return await runLoad(plan, {
    ...ports,
    openBroker: (events) =>
      openAmqpBroker({ access, queues, payloads, ...(taskMs === undefined ? {} : { taskMs }) }, events),
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

/** Divides a number as evenly as it goes; the first ones get what is left over. */
function share(total: number, among: number): number[] {
  return Array.from(
    { length: among },
    (_, place) => Math.floor(total / among) + (place < total % among ? 1 : 0),
  )
}
