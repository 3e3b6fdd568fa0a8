/** The queues that a run needs. */
import type { ChannelModel } from 'amqplib'

/** A reply queue whose load was killed disappears by itself. */
const REPLY_QUEUE_EXPIRES_MS = 10 * 60_000

/**
 * Makes sure that the queues are there, durable as the stack has them: a worker at zero replicas declares
 * none. A queue that exists is left as it is, whatever its arguments.
 */
export async function declareQueues(model: ChannelModel, names: readonly string[]): Promise<void> {
  for (const name of names) {
    // A check of a queue that is not there closes the channel, so each gets its own.
    const channel = await model.createChannel()
    let missing = false
    channel.on('error', () => {
      missing = true
    })
    await channel.checkQueue(name).catch(() => undefined)
    if (!missing) {
      await channel.close()
      continue
    }
    const declaring = await model.createChannel()
    await declaring.assertQueue(name, { durable: true })
    await declaring.close()
  }
}

/**
 * The run's own queue for answers. Neither exclusive to a connection nor transient: answers that come while the
 * connection is down wait there.
 */
export async function declareReplyQueue(model: ChannelModel, name: string): Promise<void> {
  const channel = await model.createChannel()
  await channel.assertQueue(name, { durable: true, arguments: { 'x-expires': REPLY_QUEUE_EXPIRES_MS } })
  await channel.close()
}
