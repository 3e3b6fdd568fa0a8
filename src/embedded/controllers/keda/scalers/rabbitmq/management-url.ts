/** The management API's URL of a queue, and the AMQP URI, from a trigger's host. */
import { queryEscape } from '../../hpa/metric-name.ts'
import type { RabbitmqConfig } from './config.ts'

/**
 * `GET` address of the queue, or of the page of queues that match. The host's last path segment is the virtual
 * host, earlier ones are a prefix; none means `/`.
 */
export function managementUrl(
  config: Pick<
    RabbitmqConfig,
    'host' | 'vhostName' | 'queueName' | 'useRegex' | 'pageSize' | 'username' | 'password'
  >,
): string {
  const url = new URL(config.host)
  const segments = url.pathname.split('/').slice(1)
  const last = segments.pop() ?? ''
  const vhost = config.vhostName ? queryEscape(config.vhostName) : last || '%2F'
  const prefix = segments.map((segment) => `/${segment}`).join('')
  setCredentials(url, config)
  const userinfo = url.username ? `${url.username}${url.password ? `:${url.password}` : ''}@` : ''
  const base = `${url.protocol}//${userinfo}${url.host}${prefix}/api/queues/${vhost}`
  const name = queryEscape(config.queueName)
  return config.useRegex
    ? `${base}?page=1&use_regex=true&pagination=false&name=${name}&page_size=${config.pageSize}`
    : `${base}/${name}`
}

function setCredentials(
  url: URL,
  { username, password }: Pick<RabbitmqConfig, 'username' | 'password'>,
): void {
  if (!username || !password) return
  url.username = encodeURIComponent(username)
  url.password = encodeURIComponent(password)
}

/** The broker's URI with the overrides of vhostName, username and password. */
export function amqpUri({
  host,
  vhostName,
  username,
  password,
}: Pick<RabbitmqConfig, 'host' | 'vhostName' | 'username' | 'password'>): URL {
  const url = new URL(host)
  if (vhostName) url.pathname = `/${encodeURIComponent(vhostName)}`
  setCredentials(url, { username, password })
  return url
}

/** Error texts must not carry a password. */
export function maskPassword(text: string): string {
  return text.replace(/(\w+:\/\/[^:/@\s]+):[^@\s]+@/g, '$1:password@')
}
