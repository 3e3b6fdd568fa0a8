/** Asks RabbitMQ's management API for a queue. */
import { HttpClient, type Lookup } from '../../../../../lib/http-client.ts'
import type { RabbitmqConfig } from './config.ts'
import { managementUrl } from './management-url.ts'
import { type QueueInfo, readQueueInfo } from './queue-info.ts'

/** A source of queue numbers, kept open between polls. */
export interface QueueSource {
  inspect(): Promise<QueueInfo>
  close(): Promise<void>
}

/** Nothing is asked of the broker until the first inspect. */
export function managementSource(config: RabbitmqConfig, lookup: Lookup): QueueSource {
  const { tls, unsafeSsl } = config
  const client = new HttpClient({
    lookup,
    tls: {
      rejectUnauthorized: !unsafeSsl,
      ...(tls.ca ? { ca: tls.ca } : {}),
      ...(tls.cert ? { cert: tls.cert, key: tls.key } : {}),
      ...(tls.keyPassword ? { passphrase: tls.keyPassword } : {}),
    },
  })
  const url = managementUrl(config)
  return {
    async inspect() {
      const response = await client.request(url, { timeoutMs: config.timeoutMs })
      if (response.status !== 200) {
        throw new Error(
          `error requesting RabbitMQ API status: ${response.statusText}, response: ${response.body}, from: ${url}`,
        )
      }
      return readQueueInfo(response.body, config)
    },
    async close() {
      client[Symbol.dispose]()
    },
  }
}
