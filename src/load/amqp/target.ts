/** The broker itself as the load's target. */
import { randomBytes } from 'node:crypto'
import { askQueues, type ManagementAccess } from '../ask-queues.ts'
import type { LoadTarget, OpenTarget, QueueDepth } from '../target.ts'
import type { BrokerLogin } from './connect.ts'
import { Publisher, type PublisherOptions } from './publisher.ts'
import { Receiver } from './receiver.ts'

export interface AmqpTargetOptions extends Pick<PublisherOptions, 'queues' | 'payloads' | 'taskMs'> {
  access: BrokerLogin & ManagementAccess
}

/** Connects, declares what is missing, and is ready to send. STEP_FAILED when the broker cannot be reached. */
export function amqpTarget(options: AmqpTargetOptions): OpenTarget {
  return async (events) => {
    const run = randomBytes(6).toString('hex')
    const shared = { ...options, run, replyQueue: `devenv.load.${run}` }
    const receiver = await Receiver.open(shared, events)
    const publisher = await Publisher.open(shared, events).catch(async (thrown: unknown) => {
      await receiver.close()
      throw thrown
    })
    return joined(publisher, receiver, options)
  }
}

function joined(publisher: Publisher, receiver: Receiver, { access, queues }: AmqpTargetOptions): LoadTarget {
  return {
    get hasRoom() {
      return publisher.hasRoom
    },
    room: (signal) => publisher.room(signal),
    send: (queue, index) => publisher.send(queue, index),
    async depths(): Promise<QueueDepth[]> {
      // What is ready is asked for over AMQP, whose answer is of this moment.
      const [ready, listed] = await Promise.all([receiver.depths(), askQueues(access)])
      return queues.map((name, place) => ({
        ready: ready[place],
        unacked: listed && (listed.find((queue) => queue.name === name)?.unacked ?? 0),
      }))
    },
    async close() {
      await Promise.all([publisher.close(), receiver.close()])
    },
  }
}
