/** From a container and its image's runner to the program to start. */
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePorts } from '../../../lib/free-ports.ts'
import { expand } from '../env/expand.ts'
import type { Runner } from '../images.ts'
import type { BrokerInstall } from '../rabbitmq/install.ts'
import { brokerProgram } from '../rabbitmq/program.ts'

export interface Program {
  argv: string[]
  env: Record<string, string>
}

export interface ProgramContext {
  podIp: string
  podName: string
  /** The container's own folder: home, working directory and temporary files. */
  folder: string
  /** The pod's hosts file, for programs that cannot have it mounted. */
  hostsFile: string
  /** Entries of `node` runners are relative to this folder. */
  checkout: string
  /** For compiled code that outlives the pod. */
  cacheDir: string
  environmentName: string
  broker: BrokerInstall | undefined
  /** Set where the hosts file is not mounted over /etc/hosts. */
  resolveInProcess: boolean
}

/** The program cannot be started: the container ends with StartError. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

const PRELOAD = fileURLToPath(new URL('../preload/preload.ts', import.meta.url))

/** The argv and environment of a container. `podEnv` is what the pod says, and wins over everything else. */
export async function programFor(
  runner: Runner,
  container: any,
  podEnv: Record<string, string>,
  context: ProgramContext,
): Promise<Program> {
  const words = (list: string[] | undefined) =>
    (list ?? []).map((word) => expand(word, (name) => podEnv[name]))
  const command = words(container.command)
  const args = words(container.args)
  const env = { ...baseEnvironment(context), ...runner.env, ...podEnv }
  if (runner.kind === 'node') Object.assign(env, nodeEnvironment(context))
  if (runner.kind === 'rabbitmq') {
    if (!context.broker) throw new StartError('there is no RabbitMQ on this machine')
    const [epmd, distribution] = (await freePorts(2)) as [number, number]
    const { podIp, folder } = context
    const broker = brokerProgram(context.broker, env, { podIp, folder, ports: { epmd, distribution } })
    return started({
      argv: command.length ? [...command, ...args] : [...broker.argv, ...args],
      env: broker.env,
    })
  }
  if (command.length) {
    if (runner.kind === 'node')
      env.NODE_OPTIONS = [`--import=${PRELOAD}`, env.NODE_OPTIONS].filter(Boolean).join(' ')
    return started({ argv: [...command, ...args], env })
  }
  if (runner.kind === 'exec') return started({ argv: [...runner.command, ...args], env })
  const entry = resolve(context.checkout, runner.entry)
  if (!statSync(entry, { throwIfNoEntry: false })?.isFile()) throw new StartError(`no such program: ${entry}`)
  return { argv: [process.execPath, '--import', PRELOAD, entry, ...args], env }
}

/** What every container finds; nothing of the supervisor's own environment but PATH. */
function baseEnvironment(context: ProgramContext): Record<string, string> {
  return {
    PATH: [dirname(process.execPath), process.env.PATH ?? '/usr/bin:/bin'].join(delimiter),
    HOME: context.folder,
    TMPDIR: join(context.folder, 'tmp'),
    HOSTNAME: context.podName,
    POD_IP: context.podIp,
    DEVENV_ENVIRONMENT: context.environmentName,
  }
}

function nodeEnvironment(context: ProgramContext): Record<string, string> {
  return {
    NODE_COMPILE_CACHE: join(context.cacheDir, 'node-compile-cache'),
    ...(context.resolveInProcess ? { DEVENV_HOSTS_FILE: context.hostsFile } : {}),
  }
}

/** Refuses a program that is not there, with the text of the container runtimes. */
function started(program: Program): Program {
  const name = program.argv[0] ?? ''
  if (!findProgram(name, program.env.PATH ?? '')) {
    const why = isAbsolute(name) ? 'no such file or directory' : 'executable file not found in $PATH'
    throw new StartError(`exec: "${name}": ${why}`)
  }
  return program
}

function findProgram(name: string, path: string): boolean {
  const candidates = name.includes('/') ? [name] : path.split(delimiter).map((folder) => join(folder, name))
  return candidates.some((candidate) => {
    try {
      accessSync(candidate, constants.X_OK)
      return statSync(candidate).isFile()
    } catch {
      return false
    }
  })
}
