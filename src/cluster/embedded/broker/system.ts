/** A RabbitMQ that somebody installed: on PATH (packages, /opt, the docker image's layout) or by Homebrew. */
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { BrokerInstall } from '../../../embedded/node/rabbitmq/install.ts'
import { which } from '../../../lib/exec.ts'

/** The broker behind `rabbitmq-server` and `erl` on PATH, if both are there and hold what we run. */
export function systemBroker(path: string | undefined): BrokerInstall | undefined {
  const server = which('rabbitmq-server', path) ?? existing('/usr/lib/rabbitmq/bin/rabbitmq-server')
  const erl = which('erl', path)
  if (!server || !erl) return undefined
  const home = rabbitHomes(server).find(isRabbitHome)
  const erlangRoot = erlangRoots(erl).find(isErlangRoot)
  if (!home || !erlangRoot) return undefined
  return { version: versionOf(home), source: 'system', erlangRoot, rabbitHome: home }
}

/** Homebrew keeps each formula in a folder of its own, on PATH or not. */
export function homebrewBroker(
  prefixes: string[] = ['/opt/homebrew', '/usr/local'],
): BrokerInstall | undefined {
  for (const prefix of prefixes) {
    const rabbitHome = join(prefix, 'opt/rabbitmq')
    const erlangRoot = join(prefix, 'opt/erlang/lib/erlang')
    if (isRabbitHome(rabbitHome) && isErlangRoot(erlangRoot))
      return { version: versionOf(rabbitHome), source: 'homebrew', erlangRoot, rabbitHome }
  }
  return undefined
}

function existing(file: string): string | undefined {
  return existsSync(file) ? file : undefined
}

/** The release beside the script, or where Debian's wrapper script goes. */
function rabbitHomes(server: string): string[] {
  const packaged = '/usr/lib/rabbitmq/lib'
  const releases = existsSync(packaged) ? readdirSync(packaged).map((name) => join(packaged, name)) : []
  return [dirname(dirname(realpathSync(server))), ...releases]
}

function erlangRoots(erl: string): string[] {
  const folder = dirname(dirname(realpathSync(erl)))
  return [folder, join(folder, 'lib/erlang'), '/usr/lib/erlang']
}

export function isRabbitHome(folder: string): boolean {
  const plugins = join(folder, 'plugins')
  // A plugin that is a zipped .ez file has no modules that could be read from here.
  return (
    existsSync(plugins) &&
    readdirSync(plugins).some((name) => /^rabbitmq_management-[^/]*(?<!\.ez)$/.test(name))
  )
}

export function isErlangRoot(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).some((name) => name.startsWith('erts-'))
}

/** RabbitMQ's version, from the folder of its core application. */
export function versionOf(rabbitHome: string): string {
  const core = readdirSync(join(rabbitHome, 'plugins')).find((name) => /^rabbit-\d/.test(name))
  return core?.slice('rabbit-'.length) ?? 'unknown'
}
