/** The rabbitmq trigger's parameters, checked as KEDA checks them. */
import { Parameters } from '../parameters.ts'
import type { ScalerConfig } from '../scaler.ts'

const MODES = [
  'QueueLength',
  'MessageRate',
  'DeliverGetRate',
  'PublishedToDeliveredRatio',
  'ExpectedQueueConsumptionTime',
] as const
export type Mode = (typeof MODES)[number]

export interface RabbitmqConfig {
  queueName: string
  /** Without the credentials that `username` and `password` override. */
  host: string
  protocol: 'http' | 'amqp'
  mode: Mode
  /** Target per replica. */
  value: number
  activationValue: number
  vhostName: string
  useRegex: boolean
  pageSize: number
  operation: 'sum' | 'avg' | 'max'
  excludeUnacknowledged: boolean
  timeoutMs: number
  unsafeSsl: boolean
  username: string
  password: string
  tls: { enabled: boolean; ca: string; cert: string; key: string; keyPassword: string }
}

const DEFAULT_VALUE = 20
/** KEDA_HTTP_DEFAULT_TIMEOUT of the operator. */
const DEFAULT_TIMEOUT_MS = 3000

/** Reads a trigger. Throws with every problem, one a line. */
export function parseRabbitmq(
  source: Pick<ScalerConfig, 'trigger' | 'authParams' | 'resolvedEnv'>,
): RabbitmqConfig {
  const read = new Parameters(source)
  const queueName = read.required('queueName', 'triggerMetadata')
  const host = read.required('host', 'triggerMetadata', 'authParams', 'resolvedEnv')
  const written = read.choice('protocol', ['auto', 'http', 'amqp'], 'auto', 'triggerMetadata', 'authParams')
  const amount = readAmount(read)
  const config = {
    queueName,
    host,
    activationValue: read.number('activationValue', 0),
    vhostName: read.optional('vhostName', 'triggerMetadata', 'authParams'),
    useRegex: read.boolean('useRegex'),
    pageSize: read.number('pageSize', 100),
    operation: read.choice('operation', ['sum', 'avg', 'max'], 'sum', 'triggerMetadata'),
    excludeUnacknowledged: read.boolean('excludeUnacknowledged'),
    unsafeSsl: read.boolean('unsafeSsl'),
    username: read.optional('username', 'authParams', 'resolvedEnv'),
    password: read.optional('password', 'authParams', 'resolvedEnv'),
    tls: {
      enabled: read.choice('tls', ['disable', 'enable'], 'disable', 'authParams') === 'enable',
      ca: read.optional('ca', 'authParams'),
      cert: read.optional('cert', 'authParams'),
      key: read.optional('key', 'authParams'),
      keyPassword: read.optional('keyPassword', 'authParams'),
    },
  }
  const timeout = read.timeoutMs('timeout')
  if (Boolean(config.tls.cert) !== Boolean(config.tls.key)) {
    read.errors.push('both key and certificate must be provided')
  }
  if (config.pageSize < 1) read.errors.push('pageSize should be 1 or greater')
  if (Boolean(config.username) !== Boolean(config.password)) {
    read.errors.push('username and password must be given together')
  }
  const protocol = host ? protocolOf(written, host, read) : 'http'
  if (protocol === 'amqp') refuseHttpOnly(config, amount, timeout, read)
  if (read.errors.length > 0) fail(read.errors.join('\n'))
  return { ...config, ...amount, protocol, timeoutMs: timeout ?? DEFAULT_TIMEOUT_MS }
}

/** The prefix is doubled upstream too. */
function fail(problems: string): never {
  throw new Error(`error parsing RabbitMQ metadata: error parsing RabbitMQ metadata: ${problems}`)
}

interface Amount {
  mode: Mode
  value: number
  /** Written as mode and value, not as queueLength or left out. */
  explicit: boolean
}

function readAmount(read: Parameters): Amount {
  const mode = read.optional('mode', 'triggerMetadata')
  const value = read.number('value', 0)
  const queueLength = read.number('queueLength', 0)
  if (queueLength && (mode || value)) read.errors.push('queueLength is deprecated; use mode and value')
  if (queueLength) return { mode: 'QueueLength', value: queueLength, explicit: false }
  if (!mode && !value) return { mode: 'QueueLength', value: DEFAULT_VALUE, explicit: false }
  if (!mode) read.errors.push('mode must be specified')
  else if (!value) read.errors.push('value must be specified')
  return {
    mode: mode ? read.choice('mode', MODES, 'QueueLength', 'triggerMetadata') : 'QueueLength',
    value,
    explicit: true,
  }
}

function protocolOf(written: 'auto' | 'http' | 'amqp', host: string, read: Parameters): 'http' | 'amqp' {
  if (written !== 'auto') return written
  const scheme = /^([a-zA-Z][\w+.-]*):\/\//.exec(host)?.[1] ?? ''
  if (scheme === 'http' || scheme === 'https') return 'http'
  if (scheme !== 'amqp' && scheme !== 'amqps') read.errors.push(`unknown host URL scheme: \`${scheme}\``)
  return 'amqp'
}

function refuseHttpOnly(
  { useRegex, excludeUnacknowledged }: Pick<RabbitmqConfig, 'useRegex' | 'excludeUnacknowledged'>,
  { mode, explicit }: Amount,
  timeout: number | undefined,
  read: Parameters,
): void {
  if (useRegex) read.errors.push('configure useRegex=true only with HTTP protocol')
  if (excludeUnacknowledged) read.errors.push('configure excludeUnacknowledged=true only with HTTP protocol')
  if (mode !== 'QueueLength') {
    read.errors.push(`protocol amqp not supported; must be HTTP to use trigger mode ${mode}`)
  }
  if (explicit && timeout !== undefined) read.errors.push('amqp protocol does not support custom timeouts')
}
