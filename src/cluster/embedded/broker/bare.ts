/** Plain RabbitMQ as its own start script runs it: the yardstick of `bench`, and a real broker for tests. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { type BrokerInstall, erlangBin } from '../../../embedded/node/rabbitmq/install.ts'
import { DevenvError } from '../../../lib/errors.ts'
import { run, which } from '../../../lib/exec.ts'
import { freePorts } from '../../../lib/free-ports.ts'

export interface BareBroker {
  /**
   * Starts it, or again after `kill`, on the same ports and with what it had stored; answers the milliseconds
   * from exec to the first answer of the management API.
   */
  start(): Promise<number>
  /** Where it is, and the user that a RabbitMQ of default settings has, which can log in from loopback only. */
  access(): { host: string; port: number; management: string; username: string; password: string }
  /** Runs rabbitmqctl against it; answers what it printed. */
  ctl(...args: string[]): Promise<string>
  /** Stops its processes where they are: it answers nothing until it is killed. */
  freeze(): void
  /** Ends it at once, as a crash would; its folder stays. */
  kill(): Promise<void>
  /** Ends it at once and removes its folder. */
  stop(): Promise<void>
}

const POLL_MS = 20
const TIMEOUT_MS = 120_000

/** A broker with the management plugin, default settings and free ports on 127.0.0.1; all it writes is in `dir`. */
export function bareBroker(install: BrokerInstall, dir: string): BareBroker {
  const children: ChildProcess[] = []
  let ports: number[] = []
  return {
    async start() {
      if (ports.length === 0) ports = await freePorts(4)
      const [amqp, management, epmd, distribution] = ports as [number, number, number, number]
      mkdirSync(dir, { recursive: true, mode: 0o700 })
      writeFileSync(join(dir, 'advanced.config'), configuration(amqp, management), { mode: 0o600 })
      writeFileSync(join(dir, 'enabled_plugins'), '[rabbitmq_management].\n')
      const env = environment(install, dir, epmd, distribution)
      const output = openSync(join(dir, 'output.log'), 'a', 0o600)
      const begin = (argv: string[]) => {
        const [file, ...args] = [...dyingWithUs(), ...argv]
        const child = spawn(file!, args, { env, detached: true, stdio: ['ignore', output, output] })
        children.push(child)
        return child
      }
      begin([join(erlangBin(install), 'epmd')])
      const from = performance.now()
      const server = begin([join(install.rabbitHome, 'sbin/rabbitmq-server')])
      while (!(await answers(management))) {
        if (server.exitCode !== null || performance.now() - from > TIMEOUT_MS)
          throw new DevenvError('CHILD_FAILED', 'the bare RabbitMQ did not come up', {
            log: join(dir, 'output.log'),
          })
        await pause(POLL_MS)
      }
      return performance.now() - from
    },
    access() {
      const [port, management] = ports as [number, number]
      const url = `http://127.0.0.1:${management}`
      return { host: '127.0.0.1', port, management: url, username: 'guest', password: 'guest' }
    },
    async ctl(...args) {
      const [, , epmd, distribution] = ports as [number, number, number, number]
      const env = environment(install, dir, epmd, distribution)
      return (await run(join(install.rabbitHome, 'sbin/rabbitmqctl'), args, { env })).stdout
    },
    freeze() {
      for (const { pid } of children) if (pid !== undefined) process.kill(-pid, 'SIGSTOP')
    },
    async kill() {
      await Promise.all(children.splice(0).map(ended))
    },
    async stop() {
      await this.kill()
      rmSync(dir, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** Kills the child's whole group and waits for the child. */
function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
      resolve()
      return
    }
    child.once('exit', () => resolve())
    process.kill(-child.pid, 'SIGKILL')
  })
}

function dyingWithUs(): string[] {
  return process.platform === 'linux' && which('setpriv') ? ['setpriv', '--pdeathsig', 'KILL', '--'] : []
}

function configuration(amqp: number, management: number): string {
  return (
    `[{rabbit,[{tcp_listeners,[{"127.0.0.1",${amqp}}]}]},` +
    `{rabbitmq_management,[{tcp_config,[{ip,"127.0.0.1"},{port,${management}}]}]}].\n`
  )
}

function environment(
  install: BrokerInstall,
  dir: string,
  epmd: number,
  distribution: number,
): Record<string, string> {
  return {
    PATH: `${join(install.erlangRoot, 'bin')}:${process.env.PATH ?? '/usr/bin:/bin'}`,
    HOME: dir,
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(epmd),
    // The script then takes the broker's place instead of waiting for it: same start, one process to end.
    RUNNING_UNDER_SYSTEMD: 'true',
    RABBITMQ_HOME: install.rabbitHome,
    RABBITMQ_PLUGINS_DIR: join(install.rabbitHome, 'plugins'),
    RABBITMQ_NODENAME: 'bare@localhost',
    RABBITMQ_DIST_PORT: String(distribution),
    RABBITMQ_MNESIA_BASE: join(dir, 'data'),
    RABBITMQ_LOG_BASE: join(dir, 'log'),
    RABBITMQ_CONFIG_FILE: join(dir, 'rabbitmq'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(dir, 'advanced.config'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(dir, 'enabled_plugins'),
    RABBITMQ_CONF_ENV_FILE: join(dir, 'rabbitmq-env.conf'),
    RABBITMQ_SCHEMA_DIR: join(dir, 'schema'),
    RABBITMQ_GENERATED_CONFIG_DIR: join(dir, 'config'),
    RABBITMQ_PID_FILE: join(dir, 'pid'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
  }
}

/** True once the management API answers an authenticated request. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const call = request(
      { host: '127.0.0.1', port, path: '/api/overview', auth: 'guest:guest', agent: false, timeout: 2000 },
      (response) => {
        response.resume()
        resolve(response.statusCode === 200)
      },
    )
    call.on('timeout', () => call.destroy())
    call.on('error', () => resolve(false))
    call.end()
  })
}
