/** Runs the real command line in an environment of its own, with the user's package cache. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

interface Ran {
  code: number | null
  stdout: string
  stderr: string
  tookMs: number
}

export interface Sandbox extends AsyncDisposable {
  name: string
  stateRoot: string
  /** Runs `devenv ARGS`; resolves whatever the exit code. */
  devenv(...args: string[]): Promise<Ran>
  /** Starts a command that goes on until it is disposed; resolves with the JSON object that it prints first. */
  start<T>(...args: string[]): Promise<AsyncDisposable & { printed: T }>
  /** The one JSON object that a command prints with --json; throws with its stderr when it fails. */
  json<T>(...args: string[]): Promise<T>
}

let count = 0

/** A sandbox with a state folder of its own; disposing it runs `down`. */
export async function sandbox(): Promise<Sandbox> {
  const stateRoot = await mkdtemp(join(tmpdir(), 'dv-'))
  const name = `t${process.pid}-${count++}`
  const env: Record<string, string | undefined> = {
    ...process.env,
    XDG_STATE_HOME: stateRoot,
    DEVENV_NAME: name,
    // Where an engine answers, auto would make a k3d cluster.
    DEVENV_CLUSTER: 'embedded',
    NO_COLOR: '1',
  }
  delete env.DEVENV_HOME
  const devenv = (...args: string[]) => run(args, env)
  return {
    name,
    stateRoot,
    devenv,
    start: <T>(...args: string[]) => start<T>([...args, '--json'], env),
    async json<T>(...args: string[]) {
      const ran = await devenv(...args, '--json')
      if (ran.code !== 0)
        throw new Error(`devenv ${args.join(' ')} ended with ${ran.code}\n${ran.stdout}\n${ran.stderr}`)
      return JSON.parse(ran.stdout.trim().split('\n').at(-1) ?? '') as T
    },
    async [Symbol.asyncDispose]() {
      await devenv('down')
      await rm(stateRoot, { recursive: true, force: true })
    },
  }
}

function run(args: string[], env: Record<string, string | undefined>): Promise<Ran> {
  const began = Date.now()
  const child = spawn(process.execPath, [join(ROOT, 'bin', 'devenv'), ...args], {
    env: env as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  return new Promise((resolve) =>
    child.on('close', (code) => resolve({ code, stdout, stderr, tookMs: Date.now() - began })),
  )
}

async function start<T>(args: string[], env: Record<string, string | undefined>) {
  const child = spawn(process.execPath, [join(ROOT, 'bin', 'devenv'), ...args], {
    env: env as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const first = createInterface(child.stdout)[Symbol.asyncIterator]().next()
  const { value: line } = await first
  if (line === undefined) throw new Error(`devenv ${args.join(' ')} ended without a word`)
  return {
    printed: JSON.parse(line) as T,
    async [Symbol.asyncDispose]() {
      child.kill('SIGINT')
      await ended
    },
  }
}
