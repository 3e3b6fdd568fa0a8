/** What the load is sent to: the broker (amqp/) or a service in front of it (http/). Tests bring one that loses messages. */

/** An answer to a message. */
export interface Reply {
  /** It says that the task failed. */
  failed: boolean
  /** The broker may be repeating a delivery after a reconnect, which is not a second answer of the worker. */
  redelivered?: boolean
  /** How long the worker says that it took, without the time in the queue. */
  serviceMs?: number
  /** The status code of an HTTP answer. */
  status?: number
}

/** A message is named by its queue's place in the run and its number in that queue. */
export interface TargetEvents {
  /** The broker took responsibility for it. */
  confirmed(queue: number, index: number): void
  /** There is no queue for it. */
  returned(queue: number, index: number): void
  /** It was not taken: a negative confirm, or a request that failed; `why` is a short word such as ECONNREFUSED. */
  failed(queue: number, index: number, why: string): void
  replied(queue: number, index: number, reply: Reply): void
  /** An answer to nothing that this run sent. */
  stray(): void
  /** The connection is gone; the target makes a new one by itself. */
  disconnected(reason: string): void
  /** Connected again: what was not confirmed may or may not be at the broker. */
  reconnected(): void
  /** The broker is short of memory or disk and takes no more messages until `unblocked`. */
  blocked(reason: string): void
  unblocked(): void
}

/** A queue as its broker sees it; undefined while it cannot be asked. */
export interface QueueDepth {
  ready: number | undefined
  unacked: number | undefined
}

export interface LoadTarget {
  /** One more message may go out now: connected, and not too many under way. */
  readonly hasRoom: boolean
  /** Resolves when `hasRoom` is true. */
  room(signal: AbortSignal): Promise<void>
  /** Sends one message; its fate comes as an event. */
  send(queue: number, index: number): void
  /** By the queue's place in the run. */
  depths(): Promise<QueueDepth[]>
  close(): Promise<void>
}

export type OpenTarget = (events: TargetEvents) => Promise<LoadTarget>
