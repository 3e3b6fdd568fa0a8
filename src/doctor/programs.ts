/** Programs on this machine: Node, npm, kubectl, helm, and where a RabbitMQ can come from. */
import { findBroker } from '../cluster/embedded/broker/index.ts'
import { run, which } from '../lib/exec.ts'
import { cacheDir } from '../lib/paths.ts'
import type { Env, Finding } from './check.ts'

const NODE_MAJOR = 24
const TIMEOUT_MS = 5_000

export function checkNode(): Finding {
  const major = Number(process.versions.node.split('.')[0])
  const message = `${process.version} runs devenv`
  if (major >= NODE_MAJOR) return { name: 'Node.js', verdict: 'ok', message }
  return { name: 'Node.js', verdict: 'missing', message, fix: 'npm ci brings the Node that devenv runs on.' }
}

export async function checkNpm(env: Env): Promise<Finding> {
  const npm = which('npm', env.PATH)
  if (!npm) {
    return {
      name: 'npm',
      verdict: 'missing',
      message: 'not on PATH',
      fix: 'Install npm; it comes with Node.js.',
    }
  }
  return { name: 'npm', verdict: 'ok', message: await versionOf(npm, ['--version']) }
}

/** Neither is needed: status, logs and up have their own client and renderer. */
export async function checkOptionalTools(env: Env): Promise<Finding[]> {
  const tools = [
    {
      name: 'kubectl',
      args: ['version', '--client', '--output=yaml'],
      fix: 'apt install kubernetes-client, brew install kubectl',
    },
    { name: 'helm', args: ['version', '--short'], fix: 'brew install helm, or a release from helm.sh' },
  ]
  return Promise.all(
    tools.map(async ({ name, args, fix }): Promise<Finding> => {
      const path = which(name, env.PATH)
      if (!path) return { name, verdict: 'optional', message: 'not on PATH; not needed', fix }
      return { name, verdict: 'ok', message: await versionOf(path, args) }
    }),
  )
}

/** The embedded cluster runs a real RabbitMQ: unpacked before, installed, or to be had from Debian's packages. */
export function checkRabbitMq(env: Env): Finding {
  const name = 'RabbitMQ'
  const found = findBroker(cacheDir(env), env.PATH)
  if (found) return { name, verdict: 'ok', message: `${found.version} in ${found.rabbitHome}` }
  if (which('apt-get', env.PATH) && which('dpkg-deb', env.PATH)) {
    return {
      name,
      verdict: 'ok',
      message: 'not here yet; up fetches it with apt-get download, about 35 MB, without root',
    }
  }
  return {
    name,
    verdict: 'missing',
    message: 'not installed, and this machine has no apt-get to fetch it with',
    fix:
      process.platform === 'darwin'
        ? 'brew install rabbitmq'
        : 'Install rabbitmq-server with the package manager of this machine.',
    cluster: 'embedded',
  }
}

async function versionOf(program: string, args: string[]): Promise<string> {
  try {
    const { stdout } = await run(program, args, { timeoutMs: TIMEOUT_MS })
    const version = /v?\d+\.\d+[\w.+-]*/.exec(stdout)?.[0]
    return version ? `${version} at ${program}` : program
  } catch {
    return `${program}, which does not tell its version`
  }
}
