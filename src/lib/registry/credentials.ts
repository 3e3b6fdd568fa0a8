/** A login for a registry from where the user has one: DEVENV_REGISTRY_*, or what `docker login` kept. Read only. */
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { DevenvError, messageOf } from '../errors.ts'
import { run } from '../exec.ts'
import type { Credentials } from './token.ts'

export interface FoundCredentials {
  credentials: Credentials
  /** Where they are from, for people; nothing of what they are. */
  source: string
}

type Env = Record<string, string | undefined>

interface DockerConfig {
  auths?: Record<string, { auth?: string; username?: string; password?: string; identitytoken?: string }>
  credHelpers?: Record<string, string>
  credsStore?: string
}

const HELPER_TIMEOUT_MS = 20_000
/** What `docker login` calls Docker Hub. */
const HUB_KEY = 'https://index.docker.io/v1/'

/**
 * The login for a registry such as `ghcr.io`, or undefined when the user has none. DEVENV_REGISTRY_USER and
 * DEVENV_REGISTRY_PASSWORD come first, for the registry DEVENV_REGISTRY or, without it, for `own` ones. Throws
 * CONFIG_INVALID for half a login and for files and helpers that cannot be used.
 */
export async function findCredentials(
  registry: string,
  env: Env,
  own: boolean,
): Promise<FoundCredentials | undefined> {
  return fromEnv(registry, env, own) ?? (await fromDocker(registry, env))
}

function fromEnv(registry: string, env: Env, own: boolean): FoundCredentials | undefined {
  const { DEVENV_REGISTRY: named, DEVENV_REGISTRY_USER: username, DEVENV_REGISTRY_PASSWORD: password } = env
  if (named ? named !== registry : !own) return undefined
  if (!username && !password) return undefined
  if (!username || !password) {
    const [set, unset] = username ? ['USER', 'PASSWORD'] : ['PASSWORD', 'USER']
    throw new DevenvError(
      'CONFIG_INVALID',
      `DEVENV_REGISTRY_${set} is set, DEVENV_REGISTRY_${unset} is not`,
      {
        fix: 'Set both, or neither.',
      },
    )
  }
  return { credentials: { username, password }, source: 'DEVENV_REGISTRY_USER and DEVENV_REGISTRY_PASSWORD' }
}

async function fromDocker(registry: string, env: Env): Promise<FoundCredentials | undefined> {
  const path = join(env.DOCKER_CONFIG ?? join(env.HOME ?? homedir(), '.docker'), 'config.json')
  const config = await readConfig(path)
  const keys = registry === 'docker.io' ? [HUB_KEY, 'docker.io', 'registry-1.docker.io'] : [registry]
  const helper = keys.map((key) => config.credHelpers?.[key]).find(Boolean)
  if (helper) return fromHelper(helper, keys[0]!)
  const entry = Object.entries(config.auths ?? {}).find(
    ([key]) => keys.includes(key) || keys.includes(hostOf(key)),
  )
  const found = entry && credentialsOf(entry[1])
  if (found) return { credentials: found, source: path }
  return config.credsStore ? fromHelper(config.credsStore, entry?.[0] ?? keys[0]!) : undefined
}

async function readConfig(path: string): Promise<DockerConfig> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (thrown) {
    if (['ENOENT', 'ENOTDIR'].includes((thrown as NodeJS.ErrnoException).code ?? '')) return {}
    throw unusable(path, messageOf(thrown))
  }
  try {
    return JSON.parse(text) as DockerConfig
  } catch {
    // The parser's message quotes the text, which may be a secret.
    throw unusable(path, 'it is no JSON')
  }
}

/** `https://ghcr.io/v1/` → `ghcr.io`. */
function hostOf(key: string): string {
  return key.replace(/^https?:\/\//, '').split('/')[0] ?? key
}

function credentialsOf(entry: NonNullable<DockerConfig['auths']>[string]): Credentials | undefined {
  if (entry.identitytoken) return { identityToken: entry.identitytoken }
  if (entry.username && entry.password) return { username: entry.username, password: entry.password }
  if (!entry.auth) return undefined
  const text = Buffer.from(entry.auth, 'base64').toString()
  const colon = text.indexOf(':')
  return colon < 0 ? undefined : { username: text.slice(0, colon), password: text.slice(colon + 1) }
}

/** Asks `docker-credential-NAME get`, as docker does: the registry on its standard input, a login on its output. */
async function fromHelper(name: string, server: string): Promise<FoundCredentials | undefined> {
  const program = `docker-credential-${name}`
  if (!/^[\w.-]+$/.test(name))
    throw unusable('the docker configuration', 'its credential helper has no usable name')
  let answer: { Username?: string; Secret?: string }
  try {
    const { stdout } = await run(program, ['get'], { input: server, timeoutMs: HELPER_TIMEOUT_MS })
    answer = JSON.parse(stdout) as typeof answer
  } catch (thrown) {
    if (/not found in (native )?keychain/i.test(messageOf(thrown))) return undefined
    throw unusable(program, `it does not tell a login for ${server}`)
  }
  const { Username: username = '', Secret: secret } = answer
  if (!secret) return undefined
  const credentials = username === '<token>' ? { identityToken: secret } : { username, password: secret }
  return { credentials, source: program }
}

function unusable(what: string, why: string): DevenvError {
  return new DevenvError('CONFIG_INVALID', `${what}: ${why}`, {
    fix: 'Mend it with docker login, or set DEVENV_REGISTRY_USER and DEVENV_REGISTRY_PASSWORD.',
  })
}
