/** A connection to RabbitMQ that comes back by itself, with one channel on it. */
import type { ChannelModel, ConfirmChannel, RecoveringChannelModel } from 'amqplib'
import type { Env } from './env.ts'
import { numberFrom, textFrom } from './env.ts'
import type { Log } from './log.ts'
import { reasonOf } from './log.ts'

export interface BrokerOptions {
  env: Env
  log: Log
  /** Name that the management pages show for the connection. */
  name: string
  /** Prepares each new channel: queues, consumers. */
  onOpen(channel: ConfirmChannel): Promise<void>
  /** The channel is gone, and with it everything unacknowledged and exclusive. */
  onLost?(): void
}

export interface Broker {
  close(): Promise<void>
}

/** Where the broker is, as the stack's ConfigMap and Secrets say. */
export function brokerAddress(env: Env) {
  return {
    protocol: 'amqp',
    hostname: textFrom(env, 'RABBITMQ_DEFAULT_HOST', 'localhost'),
    port: numberFrom(env, 'RABBITMQ_PORT', 5672, 1),
    username: textFrom(env, 'RABBITMQ_DEFAULT_USER', 'guest'),
    password: textFrom(env, 'RABBITMQ_DEFAULT_PASS', 'guest'),
    vhost: textFrom(env, 'RABBITMQ_DEFAULT_VHOST', '/'),
    // A broker that vanishes without a word is noticed within twice this many seconds.
    heartbeat: 10,
  }
}

/** Starts connecting and returns at once; tries again from 200 ms up to 400 ms apart for as long as it takes. */
export async function connectBroker(options: BrokerOptions): Promise<Broker> {
  // The library takes longer to load than a server to listen, so it is not needed to be healthy.
  const { connect } = await import('amqplib')
  const open: Open = { channel: undefined, closing: false }
  const connection = await connect(brokerAddress(options.env), {
    timeout: 10_000,
    clientProperties: { connection_name: options.name },
    recovery: {
      initialDelay: 200,
      maxDelay: 400,
      factor: 1.5,
      waitForConnect: false,
      setup: (model: ChannelModel) => openChannel(model, options, open),
    },
  })
  report(connection, options.log)
  return {
    async close() {
      open.closing = true
      // The channel first: what was written to it, an acknowledgement say, could otherwise come after the
      // connection's own close, and be lost.
      try {
        await open.channel?.close()
      } catch {
        // The broker closed it first.
      }
      await connection.close()
    },
  }
}

interface Open {
  channel: ConfirmChannel | undefined
  closing: boolean
}

async function openChannel(model: ChannelModel, options: BrokerOptions, open: Open) {
  // The library listens for errors only after the set-up: without this, one before would end the process.
  model.on('error', (error: Error) =>
    options.log.warn('broker connection failed', { reason: reasonOf(error) }),
  )
  const channel = await model.createConfirmChannel()
  channel.on('error', (error: Error) =>
    options.log.warn('broker channel failed', { reason: reasonOf(error) }),
  )
  open.channel = channel
  channel.on('close', () => {
    open.channel = undefined
    options.onLost?.()
    if (open.closing) return
    // A channel can fail alone, when a queue is deleted for instance: a new connection brings a new channel.
    closeQuietly(model)
  })
  await options.onOpen(channel)
}

function closeQuietly(model: ChannelModel) {
  try {
    model.close().catch(() => undefined)
  } catch {
    // It is closed already: that is how the channel went.
  }
}

function report(connection: RecoveringChannelModel, log: Log) {
  let waiting = false
  connection.on('connect', () => {
    waiting = false
    log.info('broker connected')
  })
  connection.on('disconnect', (error) => log.warn('broker connection lost', { reason: reasonOf(error) }))
  // One line for each absence, not for each attempt.
  connection.on('connect-failed', (error) => {
    log[waiting ? 'debug' : 'warn']('waiting for the broker', { reason: reasonOf(error) })
    waiting = true
  })
  connection.on('error', () => undefined)
}
