/** What the load needs of a message broker; amqp.ts is the real one, tests bring one that loses messages. */

/** A message by its queue's place in the run and its number in that queue. */
export interface MessageId {
  queue: number
  index: number
}

export interface BrokerEvents {
  confirmed(id: MessageId): void
  /** Returned as unroutable or negatively confirmed. */
  refused(id: MessageId): void
  /**
   * An answer; `id` is undefined when its correlation id is none of ours. `redelivered`: the broker may be
   * repeating a delivery after a reconnect, which is not a second answer of the worker.
   */
  replied(id: MessageId | undefined, failed: boolean, redelivered: boolean): void
  /** The connection is gone; the broker makes a new one by itself. */
  disconnected(reason: string): void
  /** Connected again: what was not confirmed may or may not be at the broker. */
  reconnected(): void
}

export interface TaskBroker {
  /** Resolves when one more message may go out: connected, and not too many unconfirmed ones. */
  room(signal: AbortSignal): Promise<void>
  /** Sends one request; its fate comes as an event. */
  send(id: MessageId): void
  /** Ready messages of a queue, or undefined while the broker cannot be asked. */
  depth(queue: number): Promise<number | undefined>
  /** Messages with workers, not yet acknowledged, over all queues of the run; undefined while unknown. */
  unacked(): Promise<number | undefined>
  close(): Promise<void>
}

export type OpenBroker = (events: BrokerEvents) => Promise<TaskBroker>

/** `RUN.QUEUE.INDEX`: short, and enough to book an answer without a map from id to message. */
export function correlationId(run: string, { queue, index }: MessageId): string {
  return `${run}.${queue}.${index}`
}

/** The message that a correlation id of this run names, or undefined. */
export function parseCorrelationId(run: string, text: unknown): MessageId | undefined {
  if (typeof text !== 'string') return undefined
  const match = /^([^.]+)\.(\d+)\.(\d+)$/.exec(text)
  return match && match[1] === run ? { queue: Number(match[2]), index: Number(match[3]) } : undefined
}

/** True when a worker's answer reports an error (or cannot be read). */
export function isFailedReply(content: Uint8Array): boolean {
  try {
    const reply: unknown = JSON.parse(Buffer.from(content).toString('utf8'))
    return !(typeof reply === 'object' && reply !== null && 'status' in reply && reply.status === 'success')
  } catch {
    return true
  }
}
