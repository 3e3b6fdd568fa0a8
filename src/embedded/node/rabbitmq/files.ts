/** The files that a broker starts from, all in its own folder and readable by nobody else. */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { atom, binary, string } from './erlang-terms.ts'

export interface BrokerSettings {
  /** The address of every listener. */
  ip: string
  amqpPort: number
  managementPort: number
  prometheusPort: number
  /** Made with the first start; the docker image's RABBITMQ_DEFAULT_*. */
  user: string
  password: string
  vhost: string
}

export const PLUGINS = ['rabbitmq_management', 'rabbitmq_prometheus']

/**
 * Writes configuration, plugin list, cookie and module list into `folder`.
 * The configuration is in Erlang terms: the `.conf` format costs a translation of half a second at each start.
 */
export function writeBrokerFiles(folder: string, settings: BrokerSettings, modules: string[]): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text, { mode: 0o600 })
  write('advanced.config', configuration(settings))
  write('enabled_plugins', `[${PLUGINS.join(',')}].\n`)
  write('modules.config', `[${modules.map(atom).join(',')}].\n`)
  const cookie = join(folder, '.erlang.cookie')
  if (!existsSync(cookie)) writeFileSync(cookie, randomBytes(24).toString('base64url'), { mode: 0o400 })
}

function configuration(settings: BrokerSettings): string {
  const tcp = (port: number) => `{tcp_config,[{ip,${string(settings.ip)}},{port,${port}}]}`
  const rabbit = [
    `{tcp_listeners,[{${string(settings.ip)},${settings.amqpPort}}]}`,
    `{default_user,${binary(settings.user)}}`,
    `{default_pass,${binary(settings.password)}}`,
    `{default_vhost,${binary(settings.vhost)}}`,
    // As the docker image: its users may come from anywhere, and here anywhere is the loopback.
    '{loopback_users,[]}',
  ]
  return (
    `[{rabbit,[${rabbit.join(',')}]},` +
    `{rabbitmq_management,[${tcp(settings.managementPort)}]},` +
    `{rabbitmq_prometheus,[${tcp(settings.prometheusPort)}]}].\n`
  )
}
