/** A connection to the broker that comes back by itself. */
import type { ChannelModel, RecoveringChannelModel } from 'amqplib'
import { DevenvError, messageOf } from '../../lib/errors.ts'
import type { BrokerAccess } from '../../lib/rabbitmq.ts'

export interface Connecting {
  access: BrokerLogin
  /** What the management pages call it. */
  name: string
  /** Prepares every new connection, before it counts as connected. */
  setUp: (model: ChannelModel) => Promise<void>
  disconnected: (reason: string) => void
}

/** Credentials are read for each attempt; `renew`, if there, is asked after one that failed. */
export type BrokerLogin = Pick<BrokerAccess, 'host' | 'port' | 'username' | 'password'> &
  Partial<Pick<BrokerAccess, 'renew'>>

const LONGEST_RETRY_MS = 2_000

/** Connects, or throws STEP_FAILED; once connected it tries again for as long as it takes. */
export async function connectBroker(connecting: Connecting): Promise<RecoveringChannelModel> {
  const { connect } = await import('amqplib')
  const { access } = connecting
  const { host, port } = access
  const server = { protocol: 'amqp', hostname: host, port, vhost: '/', heartbeat: 10 }
  // SASL PLAIN, as the library's own, which would keep the password that it was first given.
  const credentials = {
    mechanism: 'PLAIN',
    response: () => Buffer.from(`\0${access.username}\0${access.password}`),
  }
  const recovery = {
    initialMaxRetries: 0,
    maxDelay: LONGEST_RETRY_MS,
    setup: (model: ChannelModel) => {
      // An 'error' of the connection before the recovery listens to it must not end the process.
      model.on('error', () => undefined)
      return connecting.setUp(model)
    },
  }
  const clientProperties = { connection_name: connecting.name }
  try {
    const connection = await connect(server, {
      clientProperties,
      credentials,
      timeout: 10_000,
      noDelay: true,
      recovery,
    })
    // The recovery follows; without a listener an 'error' event would end the process.
    connection.on('error', () => undefined)
    connection.on('disconnect', (reason) => connecting.disconnected(messageOf(reason)))
    // What it finds counts from the next attempt on; while it finds nothing, the old ones are as good as any.
    connection.on('connect-failed', () => void access.renew?.().catch(() => undefined))
    return connection
  } catch (thrown) {
    if (thrown instanceof DevenvError) throw thrown
    throw new DevenvError('STEP_FAILED', `RabbitMQ at ${host}:${port}: ${messageOf(thrown)}`, {
      cause: thrown,
      fix: 'npm run status shows whether the broker is up.',
    })
  }
}
