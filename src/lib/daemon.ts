/** Detached processes: starting one that outlives us, finding and ending what belongs to an environment. */
import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { carriersOf } from './carriers.ts'
import { DevenvError } from './errors.ts'

/** The environment variable that every process of an environment carries: `down` finds leftovers by it. */
export const ENVIRONMENT_MARK = 'DEVENV_ENVIRONMENT'

export interface DaemonOptions {
  /** Arguments of this process' own Node. */
  args: string[]
  env: Record<string, string>
  logFile: string
  cwd: string
}

export interface StartedDaemon<Message> {
  pid: number
  /** Messages that it sends until `release` is called. */
  messages: AsyncIterable<Message>
  /** Lets it go: from here on it lives without us. */
  release(): void
}

/** Starts a Node process in a session of its own, its output in `logFile`, with a message channel until released. */
export function startDaemon<Message>(options: DaemonOptions): StartedDaemon<Message> {
  const log = openSync(options.logFile, 'a', 0o600)
  const child = spawn(process.execPath, options.args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  })
  closeSync(log)
  if (child.pid === undefined)
    throw new DevenvError('CHILD_FAILED', 'the supervisor could not be started', { log: options.logFile })
  const waiting: ((result: IteratorResult<Message>) => void)[] = []
  const received: Message[] = []
  let ended = false
  child.on('message', (message) => {
    const next = waiting.shift()
    if (next) next({ value: message as Message, done: false })
    else received.push(message as Message)
  })
  const end = () => {
    ended = true
    for (const next of waiting.splice(0)) next({ value: undefined, done: true })
  }
  child.on('exit', end)
  child.on('disconnect', end)
  const next = (): Promise<IteratorResult<Message>> => {
    const message = received.shift()
    if (message !== undefined) return Promise.resolve({ value: message, done: false })
    if (ended) return Promise.resolve({ value: undefined, done: true })
    return new Promise((resolve) => waiting.push(resolve))
  }
  return {
    pid: child.pid,
    messages: { [Symbol.asyncIterator]: () => ({ next }) },
    release() {
      if (child.connected) child.disconnect()
      child.unref()
    },
  }
}

/** The mark's value: two checkouts or two homes may have environments of one name. */
export function environmentMark(name: string, stateDirectory: string): string {
  return `${name}@${stateDirectory}`
}

/** Ids of the processes that carry the environment's mark. */
export function processesOf(name: string, stateDirectory: string): number[] {
  return carriersOf(`${ENVIRONMENT_MARK}=${environmentMark(name, stateDirectory)}`)
}
