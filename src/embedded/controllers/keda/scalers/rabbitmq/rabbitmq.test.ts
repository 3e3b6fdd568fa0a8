import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { FakeClock } from '../../../../../lib/clock.ts'
import type { ScalerConfig } from '../scaler.ts'
import { parseRabbitmq } from './config.ts'
import { amqpUri, managementUrl, maskPassword } from './management-url.ts'
import { measure } from './measure.ts'
import { readQueueInfo } from './queue-info.ts'
import { rabbitmqScaler } from './rabbitmq.ts'
import { amqpError } from './rabbitmq-amqp.ts'

const HTTP = 'http://broker:15672'

function parse(metadata: Record<string, string>, authParams = {}, resolvedEnv = {}) {
  return parseRabbitmq({ trigger: { type: 'rabbitmq', metadata }, authParams, resolvedEnv })
}

describe('parseRabbitmq', () => {
  it('defaults to 20 messages of queue length', () => {
    expect(parse({ host: HTTP, queueName: 'q' })).toMatchObject({
      protocol: 'http',
      mode: 'QueueLength',
      value: 20,
      activationValue: 0,
      timeoutMs: 3000,
      operation: 'sum',
    })
  })

  it('takes queueLength for mode and value', () => {
    expect(parse({ host: HTTP, queueName: 'q', queueLength: '10' })).toMatchObject({
      mode: 'QueueLength',
      value: 10,
    })
  })

  it('prefers metadata over authentication over environment', () => {
    const env = { HOST: 'http://env:1' }
    const metadata = { queueName: 'q', hostFromEnv: 'HOST' }
    expect(parse(metadata, {}, env).host).toBe('http://env:1')
    expect(parse(metadata, { host: 'http://auth:1' }, env).host).toBe('http://auth:1')
    expect(parse({ ...metadata, host: HTTP }, { host: 'http://auth:1' }, env).host).toBe(HTTP)
  })

  it('ignores a username in metadata', () => {
    expect(parse({ host: HTTP, queueName: 'q', username: 'u', password: 'p' }).username).toBe('')
  })

  it.each([
    [{ queueName: 'q' }, 'missing required parameter "host" in [triggerMetadata authParams resolvedEnv]'],
    [{ host: HTTP }, 'missing required parameter "queueName" in [triggerMetadata]'],
    [{ host: HTTP, queueName: 'q', value: '5' }, 'mode must be specified'],
    [{ host: HTTP, queueName: 'q', mode: 'QueueLength' }, 'value must be specified'],
    [
      { host: HTTP, queueName: 'q', mode: 'QueueLength', value: '5', queueLength: '5' },
      'queueLength is deprecated; use mode and value',
    ],
    [
      { host: 'amqp://b', queueName: 'q', useRegex: 'true' },
      'configure useRegex=true only with HTTP protocol',
    ],
    [{ host: HTTP, queueName: 'q', pageSize: '0' }, 'pageSize should be 1 or greater'],
    [{ host: 'ftp://b', queueName: 'q' }, 'unknown host URL scheme: `ftp`'],
    [
      { host: 'amqp://b', queueName: 'q', mode: 'MessageRate', value: '5' },
      'protocol amqp not supported; must be HTTP to use trigger mode MessageRate',
    ],
  ])('refuses %j', (metadata, problem) => {
    const prefix = 'error parsing RabbitMQ metadata: error parsing RabbitMQ metadata: '
    expect(() => parse(metadata as Record<string, string>)).toThrow(prefix + problem)
  })

  it('wants user and password together, and certificate and key', () => {
    const metadata = { host: HTTP, queueName: 'q' }
    expect(() => parse(metadata, { username: 'u' })).toThrow('username and password must be given together')
    expect(() => parse(metadata, { cert: 'c' })).toThrow('both key and certificate must be provided')
  })

  it('reports every problem, one a line', () => {
    expect(() => parse({ pageSize: '0' })).toThrow(/queueName.*\n.*host.*\n.*pageSize/)
  })

  it('reads timeouts as milliseconds or as a duration', () => {
    expect(parse({ host: HTTP, queueName: 'q', timeout: '1500' }).timeoutMs).toBe(1500)
    expect(parse({ host: HTTP, queueName: 'q', timeout: '2s' }).timeoutMs).toBe(2000)
  })
})

describe('managementUrl', () => {
  const url = (host: string, more: Partial<Parameters<typeof managementUrl>[0]> = {}) =>
    managementUrl({
      host,
      vhostName: '',
      queueName: 'q',
      useRegex: false,
      pageSize: 100,
      username: '',
      password: '',
      ...more,
    })

  it.each([
    ['http://u:p@h:15672', 'http://u:p@h:15672/api/queues/%2F/q'],
    ['http://h:15672/', 'http://h:15672/api/queues/%2F/q'],
    ['http://h:15672/%2F', 'http://h:15672/api/queues/%2F/q'],
    ['http://h:15672/sub/vh', 'http://h:15672/sub/api/queues/vh/q'],
    ['https://h/vh', 'https://h/api/queues/vh/q'],
  ])('%s → %s', (host, expected) => {
    expect(url(host)).toBe(expected)
  })

  it('lets vhostName, username and password override', () => {
    expect(url('http://h:15672/a', { vhostName: '/', username: 'n', password: 'x@y' })).toBe(
      'http://n:x%40y@h:15672/api/queues/%2F/q',
    )
  })

  it('asks for one page of matches with useRegex', () => {
    expect(url('http://h:15672', { queueName: '^a.*$', useRegex: true, pageSize: 50 })).toBe(
      'http://h:15672/api/queues/%2F?page=1&use_regex=true&pagination=false&name=%5Ea.%2A%24&page_size=50',
    )
  })

  it('builds AMQP URIs', () => {
    const given = { host: 'amqp://h:5672/a', vhostName: '', username: '', password: '' }
    expect(amqpUri(given).pathname).toBe('/a')
    expect(amqpUri({ ...given, vhostName: '/', username: 'u', password: 'p' }).href).toBe(
      'amqp://u:p@h:5672/%2F',
    )
  })

  it('masks passwords', () => {
    expect(maskPassword('Get "http://u:secret@h/api": x')).toBe('Get "http://u:password@h/api": x')
  })
})

describe('readQueueInfo', () => {
  const one = { useRegex: false, excludeUnacknowledged: false, operation: 'sum' as const }
  const queue = {
    messages: 7,
    messages_ready: 4,
    message_stats: { publish_details: { rate: 1.5 }, deliver_get_details: { rate: 0.5 } },
  }

  it('reads counts and rates; what is missing is 0', () => {
    expect(readQueueInfo(JSON.stringify(queue), one)).toEqual({
      messages: 7,
      publishRate: 1.5,
      deliverRate: 0.5,
    })
    expect(readQueueInfo('{}', one)).toEqual({ messages: 0, publishRate: 0, deliverRate: 0 })
    expect(readQueueInfo(JSON.stringify(queue), { ...one, excludeUnacknowledged: true }).messages).toBe(4)
  })

  it.each([
    ['sum', 12],
    ['avg', 6],
    ['max', 7],
  ] as const)('combines matches by %s', (operation, messages) => {
    const body = JSON.stringify({ page_count: 1, items: [queue, { messages: 5 }] })
    expect(readQueueInfo(body, { ...one, useRegex: true, operation }).messages).toBe(messages)
  })

  it('truncates averages and takes no match for nothing', () => {
    const regex = { ...one, useRegex: true, operation: 'avg' as const }
    expect(readQueueInfo('{"items":[{"messages":1},{"messages":2}]}', regex).messages).toBe(1)
    expect(readQueueInfo('{"items":[]}', regex).messages).toBe(0)
  })

  it('refuses more than one page', () => {
    expect(() => readQueueInfo('{"page_count":2,"items":[]}', { ...one, useRegex: true })).toThrow(
      'regex matches more queues than can be recovered at once',
    )
  })
})

describe('measure', () => {
  it.each([
    ['QueueLength', 5, 0, 0, 5, { value: 5, active: false }],
    ['QueueLength', 6, 0, 0, 5, { value: 6, active: true }],
    ['MessageRate', 6, 1, 0, 5, { value: 1, active: true }],
    ['MessageRate', 0, 6, 0, 5, { value: 6, active: true }],
    ['DeliverGetRate', 9, 0, 6, 5, { value: 6, active: true }],
    ['PublishedToDeliveredRatio', 0, 6, 2, 5, { value: 3, active: false }],
    ['PublishedToDeliveredRatio', 0, 6, 0, 5, { value: 5, active: true }],
    ['PublishedToDeliveredRatio', 0, 0, 0, 5, { value: 0, active: false }],
    ['ExpectedQueueConsumptionTime', 10, 4, 2, 5, { value: 6, active: true }],
    ['ExpectedQueueConsumptionTime', 0, 0, 0, 5, { value: 5, active: true }],
  ] as const)(
    '%s of %i messages, %d in, %d out, activation %d',
    (mode, messages, publishRate, deliverRate, activation, expected) => {
      expect(measure(mode, { messages, publishRate, deliverRate }, activation)).toEqual(expected)
    },
  )
})

describe('rabbitmqScaler over HTTP', () => {
  const closing: (() => unknown)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0)) await close()
  })

  /** A management API that answers every request alike; answers the port and the requests seen. */
  async function broker(status: number, body: string): Promise<{ port: number; seen: string[] }> {
    const seen: string[] = []
    const server = createServer((request, response) => {
      seen.push(`${request.headers.authorization ?? ''} ${request.url}`)
      response.writeHead(status).end(body)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closing.push(
      () => server.closeAllConnections(),
      () => server.close(),
    )
    return { port: (server.address() as AddressInfo).port, seen }
  }

  async function build(host: string, authParams: Record<string, string> = {}) {
    const config: ScalerConfig = {
      scaledObject: { namespace: 'ns', name: 'so' },
      triggerIndex: 0,
      trigger: { type: 'rabbitmq', metadata: { host, queueName: 'orders.created', queueLength: '10' } },
      resolvedEnv: {},
      authParams,
      clock: new FakeClock(),
      lookup: (hostname) => (hostname.endsWith('.svc.cluster.local') ? '127.0.0.1' : undefined),
    }
    const scaler = await rabbitmqScaler(config)
    closing.push(() => scaler.close())
    return scaler
  }

  it('reads a queue through cluster DNS with basic authentication', async () => {
    const { port, seen } = await broker(200, '{"messages":33}')
    const scaler = await build(`http://rabbit.ns.svc.cluster.local:${port}`, { username: 'u', password: 'p' })
    expect(await scaler.external!.read()).toEqual({ value: 33, active: true })
    expect(seen).toEqual(['Basic dTpw /api/queues/%2F/orders.created'])
    expect(scaler.metricSpec).toEqual({
      type: 'External',
      external: {
        metric: {
          name: 's0-rabbitmq-orders-created',
          selector: { matchLabels: { 'scaledobject.keda.sh/name': 'so' } },
        },
        target: { type: 'AverageValue', averageValue: '10' },
      },
    })
  })

  it('tells a missing queue and refused credentials apart, without the password', async () => {
    const { port } = await broker(401, '{"error":"not_authorised"}')
    const scaler = await build(`http://127.0.0.1:${port}`, { username: 'u', password: 'secret' })
    await expect(scaler.external!.read()).rejects.toThrow(
      `error inspecting RabbitMQ: error requesting RabbitMQ API status: 401 Unauthorized, response: {"error":"not_authorised"}, from: http://u:password@127.0.0.1:${port}/api/queues/%2F/orders.created`,
    )
  })

  it('reports a broker that is not there as Go does', async () => {
    const scaler = await build('http://127.0.0.1:1')
    await expect(scaler.external!.read()).rejects.toThrow(
      'error inspecting RabbitMQ: Get "http://127.0.0.1:1/api/queues/%2F/orders.created": dial tcp 127.0.0.1:1: connect: connection refused',
    )
  })
})

describe('rabbitmqScaler over AMQP', () => {
  it('dials when it is built, so a dead broker is a build error', async () => {
    const metadata = { host: 'amqp://127.0.0.1:1', queueName: 'q' }
    const building = rabbitmqScaler({
      scaledObject: { namespace: 'ns', name: 'so' },
      triggerIndex: 0,
      trigger: { type: 'rabbitmq', metadata },
      resolvedEnv: {},
      authParams: {},
      clock: new FakeClock(),
      lookup: () => undefined,
    })
    await expect(building).rejects.toThrow(
      'error establishing connection to RabbitMQ: dial tcp 127.0.0.1:1: connect: connection refused',
    )
  })

  it.each([
    [
      `Operation failed: QueueDeclare; 404 (NOT-FOUND) with message "NOT_FOUND - no queue 'q' in vhost '/'"`,
      `Exception (404) Reason: "NOT_FOUND - no queue 'q' in vhost '/'"`,
    ],
    ['Channel closed', 'Exception (504) Reason: "channel/connection is not open"'],
    [
      'Expected ConnectionOpenOk; got <ConnectionClose channel:0>',
      'Exception (403) Reason: "no access to this vhost"',
    ],
  ])('says %s as the Go client does', (message, expected) => {
    expect(amqpError(new Error(message))).toBe(expected)
  })
})
