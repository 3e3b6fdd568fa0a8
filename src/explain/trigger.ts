/** KEDA's rabbitmq triggers: which queue, what counts, from when on, how much for one replica. */
import type { KubeObject } from '../lib/kube/object.ts'
import type { QueueDepth } from '../lib/rabbitmq.ts'
import { type ChainStep, link } from './why.ts'
import { count, figure } from './words.ts'

/** KEDA's default for a trigger without a value. */
const DEFAULT_TARGET = 20

export interface QueueTrigger {
  /** Position among the triggers; the metric's name begins with it. */
  index: number
  queue: string
  /** What the scaler asks: the management API, or the broker itself by a passive declare. */
  protocol: 'http' | 'amqp'
  mode: string
  /** Messages for one replica (or another unit, by the mode). */
  target: number
  /** KEDA is active above this. */
  activation: number
  /** Messages in a consumer's hands count too. */
  countsUnacked: boolean
}

/** The ScaledObject's rabbitmq triggers, by KEDA's own defaults. */
export function queueTriggers(scaledObject: KubeObject): QueueTrigger[] {
  const triggers: { type: string; metadata?: Record<string, string> }[] = scaledObject.spec?.triggers ?? []
  return triggers.flatMap(({ type, metadata = {} }, index) => {
    if (type !== 'rabbitmq') return []
    const byHost = /^amqps?:/.test(metadata.host ?? '') ? 'amqp' : 'http'
    const protocol = metadata.protocol === 'amqp' || metadata.protocol === 'http' ? metadata.protocol : byHost
    return [
      {
        index,
        queue: metadata.queueName ?? '',
        protocol,
        mode: metadata.mode ?? 'QueueLength',
        target: Number(metadata.queueLength ?? metadata.value ?? DEFAULT_TARGET),
        activation: Number(metadata.activationValue ?? 0),
        countsUnacked: protocol === 'http' && metadata.excludeUnacknowledged !== 'true',
      },
    ]
  })
}

/** What the scaler reports for a queue of this depth; undefined for modes that are not a queue's length. */
export function triggerValue(trigger: QueueTrigger, depth: QueueDepth | undefined): number | undefined {
  if (!depth || trigger.mode !== 'QueueLength') return undefined
  return depth.ready + (trigger.countsUnacked ? depth.unacked : 0)
}

/** The queue and the trigger on it, as two links of the chain. */
export function triggerSteps(trigger: QueueTrigger, queues: QueueDepth[] | string): ChainStep[] {
  return [messages(trigger, queues), threshold(trigger, depthOf(trigger, queues))]
}

export function depthOf(trigger: QueueTrigger, queues: QueueDepth[] | string): QueueDepth | undefined {
  return typeof queues === 'string' ? undefined : queues.find(({ name }) => name === trigger.queue)
}

function messages(trigger: QueueTrigger, queues: QueueDepth[] | string): ChainStep {
  if (typeof queues === 'string') {
    return link('messages', null, `RabbitMQ could not be asked about queue ${trigger.queue}: ${queues}.`)
  }
  const depth = depthOf(trigger, queues)
  if (!depth) return link('messages', null, `The broker has no queue ${trigger.queue}.`)
  const { ready, unacked, consumers } = depth
  const total = ready + unacked
  const parts =
    total === 0 ? 'is empty' : `holds ${count(total, 'message')}: ${ready} ready, ${unacked} unacked`
  const text = `Queue ${trigger.queue} ${parts}; ${count(consumers, 'consumer')}.`
  return link('messages', total, text, { ready, unacked, consumers })
}

function threshold(trigger: QueueTrigger, depth: QueueDepth | undefined): ChainStep {
  const { mode, target, activation, protocol, countsUnacked } = trigger
  if (mode !== 'QueueLength') {
    return link('trigger', target, `KEDA's trigger measures ${mode}, ${figure(target)} for one replica.`)
  }
  const value = triggerValue(trigger, depth)
  const counted = `counts ${countsUnacked ? 'ready + unacked' : 'ready messages only'}`
  const now = value === undefined ? '' : ` = ${value}`
  return link(
    'trigger',
    target,
    `KEDA's trigger (protocol ${protocol}) ${counted}${now}; one replica for every ${figure(target)}, active above ${figure(activation)}.`,
    { target, activation, ...(value === undefined ? {} : { value }) },
  )
}
