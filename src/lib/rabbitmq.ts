/** How this machine reaches the environment's RabbitMQ, and what its queues hold. */
import http from 'node:http'
import { text } from 'node:stream/consumers'
import { DevenvError, messageOf } from './errors.ts'
import type { KubeClient } from './kube/client.ts'
import { forwardService } from './kube/portforward.ts'
import type { RunRecord } from './record.ts'

/** Addresses and credentials. Keep it out of logs. */
export interface BrokerAccess extends AsyncDisposable {
  host: string
  port: number
  /** `http://host:port`, without a slash at its end. */
  management: string
  username: string
  password: string
  /** Reads the credentials again, in place: they may have been rotated. */
  renew(): Promise<void>
}

export interface QueueDepth {
  name: string
  /** Waiting to be delivered. */
  ready: number
  /** Delivered, not yet acknowledged. */
  unacked: number
  consumers: number
}

const SECRET = 'rabbitmq-secrets'
const AMQP_PORT = 5672
const MANAGEMENT_PORT = 15672

/**
 * The broker by its endpoints in the record, or through the API server where the record has none.
 * Credentials are those that External Secrets put into the cluster. STEP_FAILED when they are not there.
 */
export async function reachBroker(record: RunRecord, client: KubeClient): Promise<BrokerAccess> {
  const { namespace, release, endpoints } = record
  const credentials = await readCredentials(client, namespace, release)
  await using stack = new AsyncDisposableStack()
  const forward = async (port: number) =>
    stack.use(await forwardService(client, namespace, `${release}-rabbitmq`, port))
  const amqp = endpoints.rabbitmq ? hostAndPort(endpoints.rabbitmq, AMQP_PORT) : await forward(AMQP_PORT)
  const web = endpoints.rabbitmqManagement
    ? hostAndPort(endpoints.rabbitmqManagement, MANAGEMENT_PORT)
    : await forward(MANAGEMENT_PORT)
  const opened = stack.move()
  return {
    ...credentials,
    host: amqp.host,
    port: amqp.port,
    management: `http://${web.host}:${web.port}`,
    async renew() {
      Object.assign(this, await readCredentials(client, namespace, release))
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

/**
 * All queues of the default virtual host, by name. Message counts are of this moment; consumers come from the broker's
 * statistics, which are up to 5 s old: the two cannot be had in one answer.
 */
export async function listQueues(
  access: Pick<BrokerAccess, 'management' | 'username' | 'password'>,
  signal?: AbortSignal,
): Promise<QueueDepth[]> {
  const ask = async (query: string) =>
    JSON.parse(await getText(`${access.management}/api/queues/%2F?${query}`, access, signal)) as Record<
      string,
      unknown
    >[]
  const [totals, statistics] = await Promise.all([
    ask('columns=name,messages_ready,messages_unacknowledged&disable_stats=true&enable_queue_totals=true'),
    ask('columns=name,consumers'),
  ])
  const consumers = new Map(statistics.map((row) => [row.name, Number(row.consumers ?? 0)]))
  return totals
    .map(({ name, messages_ready: ready, messages_unacknowledged: unacked }) => ({
      name: String(name),
      ready: Number(ready ?? 0),
      unacked: Number(unacked ?? 0),
      consumers: consumers.get(name) ?? 0,
    }))
    .sort((a, b) => a.name.localeCompare(b.name))
}

/** The broker's version, as it reports it: `3.13.7`. */
export async function brokerVersion(
  access: Pick<BrokerAccess, 'management' | 'username' | 'password'>,
  signal?: AbortSignal,
): Promise<string> {
  const overview = await getText(`${access.management}/api/overview?columns=rabbitmq_version`, access, signal)
  return String((JSON.parse(overview) as Record<string, unknown>).rabbitmq_version ?? '')
}

/** Why the broker takes no messages from anybody, as its nodes report it; undefined when it does take them. */
export async function brokerAlarm(
  access: Pick<BrokerAccess, 'management' | 'username' | 'password'>,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const columns = 'disk_free_alarm,disk_free,disk_free_limit,mem_alarm,mem_used,mem_limit'
  const nodes = JSON.parse(await getText(`${access.management}/api/nodes?columns=${columns}`, access, signal))
  for (const node of nodes as Record<string, unknown>[]) {
    const megabytes = (field: string) => `${Math.floor(Number(node[field]) / 1e6)} MB`
    if (node.disk_free_alarm === true)
      return `takes no messages: its disk has ${megabytes('disk_free')} free, it wants ${megabytes('disk_free_limit')}`
    if (node.mem_alarm === true)
      return `takes no messages: it uses ${megabytes('mem_used')} of memory, its limit is ${megabytes('mem_limit')}`
  }
  return undefined
}

/** How often messages of the queue were delivered once more; up to 5 s old. */
export async function redeliveries(
  access: Pick<BrokerAccess, 'management' | 'username' | 'password'>,
  queue: string,
): Promise<number> {
  const path = `/api/queues/%2F/${encodeURIComponent(queue)}?columns=message_stats.redeliver`
  const { message_stats } = JSON.parse(await getText(`${access.management}${path}`, access, undefined))
  return Number(message_stats?.redeliver ?? 0)
}

/** Whether the broker takes these credentials. Rejects when it cannot be asked. */
export async function reachesBroker(
  access: Pick<BrokerAccess, 'management' | 'username' | 'password'>,
): Promise<boolean> {
  try {
    await getText(`${access.management}/api/whoami`, access, undefined)
    return true
  } catch (thrown) {
    if (/answered 401/.test(messageOf(thrown))) return false
    throw thrown
  }
}

async function readCredentials(client: KubeClient, namespace: string, release: string) {
  for (const name of [SECRET, `${release}-${SECRET}`]) {
    const data = (await client.find('v1/secrets', name, { namespace }))?.data as
      | Record<string, string>
      | undefined
    const decode = (key: string) => Buffer.from(data?.[key] ?? '', 'base64').toString('utf8')
    const username = decode('RABBITMQ_DEFAULT_USER')
    const password = decode('RABBITMQ_DEFAULT_PASS')
    if (username !== '' && password !== '') return { username, password }
  }
  throw new DevenvError(
    'STEP_FAILED',
    `Secret ${namespace}/${SECRET} with the broker's credentials is not there yet`,
    {
      fix: 'npm run status shows whether External Secrets could read them from Vault.',
    },
  )
}

function hostAndPort(endpoint: string, defaultPort: number): { host: string; port: number } {
  const url = new URL(endpoint.includes('://') ? endpoint : `tcp://${endpoint}`)
  return { host: url.hostname, port: url.port === '' ? defaultPort : Number(url.port) }
}

function getText(
  url: string,
  access: { username: string; password: string },
  signal: AbortSignal | undefined,
): Promise<string> {
  const auth = `${access.username}:${access.password}`
  return new Promise((resolve, reject) => {
    const request = http.get(url, { auth, timeout: 5_000, ...(signal ? { signal } : {}) }, (response) => {
      text(response).then((body) => {
        if (response.statusCode === 200) resolve(body)
        else
          reject(
            new Error(`RabbitMQ's management API answered ${response.statusCode}: ${body.slice(0, 200)}`),
          )
      }, reject)
    })
    request.on('timeout', () => request.destroy(new Error(`${new URL(url).host} did not answer within 5 s`)))
    request.on('error', reject)
  })
}
