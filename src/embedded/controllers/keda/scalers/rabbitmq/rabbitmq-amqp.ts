/** Asks RabbitMQ over AMQP: a passive declare on a connection that stays open. It counts ready messages only. */
import type { Channel, ChannelModel } from 'amqplib'
import type { Lookup } from '../../../../../lib/http-client.ts'
import { goTransportError } from '../../../../../lib/http-client.ts'
import type { RabbitmqConfig } from './config.ts'
import { amqpUri } from './management-url.ts'
import type { QueueSource } from './rabbitmq-http.ts'

const DIAL_TIMEOUT_MS = 30_000

/** Connects at once: a dead broker is a build error. `name` is the connection's name in the broker. */
export async function amqpSource(config: RabbitmqConfig, lookup: Lookup, name: string): Promise<QueueSource> {
  let connection: ChannelModel
  let channel: Channel
  try {
    connection = await dial(config, lookup, name)
    channel = await connection.createChannel()
  } catch (thrown) {
    throw new Error(`error establishing connection to RabbitMQ: ${amqpError(thrown)}`, { cause: thrown })
  }
  // A broken connection shows as a failed inspect; without listeners it would end the process.
  let broken: unknown
  const onError = (error: unknown) => {
    broken = error
  }
  connection.on('error', onError)
  connection.on('close', onError)
  channel.on('error', onError)
  return {
    async inspect() {
      try {
        const { messageCount } = await channel.checkQueue(config.queueName)
        return { messages: messageCount, publishRate: 0, deliverRate: 0 }
      } catch (thrown) {
        throw new Error(amqpError(broken ?? thrown), { cause: thrown })
      }
    },
    async close() {
      await connection.close().catch(() => undefined)
    },
  }
}

async function dial(config: RabbitmqConfig, lookup: Lookup, name: string): Promise<ChannelModel> {
  // Loaded on first use: most environments ask over HTTP.
  const { default: amqplib } = await import('amqplib')
  const url = amqpUri(config)
  const secure = url.protocol === 'amqps:'
  const external = config.tls.enabled && config.tls.cert !== '' && !url.password
  return await amqplib.connect(
    {
      protocol: secure ? 'amqps' : 'amqp',
      hostname: lookup(url.hostname) ?? url.hostname,
      port: Number(url.port) || (secure ? 5671 : 5672),
      username: decodeURIComponent(url.username) || 'guest',
      password: decodeURIComponent(url.password) || 'guest',
      vhost: decodeURIComponent(url.pathname.slice(1)) || '/',
    },
    {
      clientProperties: { connection_name: name },
      timeout: DIAL_TIMEOUT_MS,
      ...(external ? { credentials: amqplib.credentials.external() } : {}),
      ...(secure
        ? {
            servername: url.hostname,
            rejectUnauthorized: !config.unsafeSsl,
            ...(config.tls.ca ? { ca: [config.tls.ca] } : {}),
            ...(config.tls.cert ? { cert: config.tls.cert, key: config.tls.key } : {}),
            ...(config.tls.keyPassword ? { passphrase: config.tls.keyPassword } : {}),
          }
        : {}),
    },
  )
}

/** The broker's refusal in the words of the Go client: `Exception (404) Reason: "NOT_FOUND - …"`. */
export function amqpError(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'Exception (504) Reason: "channel/connection is not open"'
  const refused = /(\d{3}) \([A-Z-]+\) with message "(.*)"/s.exec(thrown.message)
  if (refused) return `Exception (${refused[1]}) Reason: "${refused[2]}"`
  // The library reads a refused virtual host as an unexpected frame.
  if (/^Expected ConnectionOpenOk/.test(thrown.message))
    return 'Exception (403) Reason: "no access to this vhost"'
  if (/closed/i.test(thrown.message)) return 'Exception (504) Reason: "channel/connection is not open"'
  return goTransportError(thrown)
}
