/** Reads a kubeconfig: the server, and the credentials of one context. */
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { DevenvError, messageOf } from '../errors.ts'
import { type ExecPlugin, pluginCredentials } from './credential-plugin.ts'

/** Everything that a connection to one API server needs. */
export interface KubeConfig {
  /** Base URL without a slash at its end. */
  server: string
  /** The context's default namespace. */
  namespace: string
  tls: { ca?: string; cert?: string; key?: string; servername?: string; rejectUnauthorized?: boolean }
  /** The Authorization header to send, read anew for each request: tokens from exec plugins expire. */
  authorization?: () => Promise<string | undefined>
}

interface ClusterEntry {
  server?: string
  'certificate-authority'?: string
  'certificate-authority-data'?: string
  'insecure-skip-tls-verify'?: boolean
  'tls-server-name'?: string
  'proxy-url'?: string
}

interface UserEntry {
  'client-certificate'?: string
  'client-certificate-data'?: string
  'client-key'?: string
  'client-key-data'?: string
  token?: string
  tokenFile?: string
  username?: string
  password?: string
  exec?: ExecPlugin
  'auth-provider'?: unknown
}

/** Loads the context named (default: the current one) from a kubeconfig file; CONFIG_INVALID if it cannot be used, ACCESS_DENIED if its credential plugin fails. */
export async function loadKubeconfig(path: string, context?: string): Promise<KubeConfig> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (thrown) {
    throw invalid(path, messageOf(thrown), thrown)
  }
  return parseKubeconfig(text, path, context)
}

/** The same of a text; `path` names it in messages, and its relative paths begin in that file's folder. */
export async function parseKubeconfig(text: string, path: string, context?: string): Promise<KubeConfig> {
  const document = await parseDocument(text, path)
  const contextName = context ?? document['current-context']
  const chosen = find(document.contexts, contextName, 'context', path) as {
    cluster?: string
    user?: string
    namespace?: string
  }
  const cluster = find(document.clusters, chosen.cluster, 'cluster', path) as ClusterEntry
  const user = (chosen.user ? find(document.users, chosen.user, 'user', path) : {}) as UserEntry
  if (!cluster.server) throw invalid(path, `cluster "${chosen.cluster}" has no server`)
  if (cluster['proxy-url'])
    throw invalid(path, `cluster "${chosen.cluster}" wants proxy-url, which is not supported`)

  const file = (data: string | undefined, name: string | undefined) => inlineOrFile(path, data, name)
  const ca = await file(cluster['certificate-authority-data'], cluster['certificate-authority'])
  const tls: KubeConfig['tls'] = {
    ...(ca === undefined ? {} : { ca }),
    ...(cluster['tls-server-name'] ? { servername: cluster['tls-server-name'] } : {}),
    ...(cluster['insecure-skip-tls-verify'] ? { rejectUnauthorized: false } : {}),
  }
  const config = {
    server: cluster.server.replace(/\/+$/, ''),
    namespace: chosen.namespace || 'default',
    tls,
  }
  if (user.exec || user['auth-provider'])
    return {
      ...config,
      ...(await pluginCredentials(document, { source: path, context: contextName, exec: user.exec, tls })),
    }
  const cert = await file(user['client-certificate-data'], user['client-certificate'])
  const key = await file(user['client-key-data'], user['client-key'])
  if (cert !== undefined) tls.cert = cert
  if (key !== undefined) tls.key = key
  const authorization = authorizationOf(path, user)
  return { ...config, ...(authorization ? { authorization } : {}) }
}

/** A token file is read for each request: clusters rotate the one they mount. */
function authorizationOf(path: string, user: UserEntry): KubeConfig['authorization'] {
  const { token, tokenFile, username, password } = user
  if (token) return async () => `Bearer ${token}`
  if (tokenFile) {
    const full = resolve(dirname(path), tokenFile)
    return async () => `Bearer ${(await readFile(full, 'utf8')).trim()}`
  }
  if (username) {
    const basic = Buffer.from(`${username}:${password ?? ''}`).toString('base64')
    return async () => `Basic ${basic}`
  }
  return undefined
}

async function parseDocument(text: string, path: string): Promise<Record<string, any>> {
  const { parse } = await import('yaml')
  try {
    const document: unknown = parse(text)
    if (typeof document === 'object' && document !== null) return document as Record<string, any>
  } catch (thrown) {
    throw invalid(path, messageOf(thrown), thrown)
  }
  throw invalid(path, 'it holds no kubeconfig')
}

/** Lists are of `{name, [what]: {...}}`: a context's name beside a field `context`, and so on. */
function find(entries: unknown, name: unknown, what: 'context' | 'cluster' | 'user', path: string): unknown {
  if (typeof name !== 'string' || name === '') throw invalid(path, `no ${what} is chosen`)
  const list = Array.isArray(entries) ? (entries as { name: string; [field: string]: unknown }[]) : []
  const entry = list.find((candidate) => candidate.name === name)
  if (!entry) {
    const known = list.map((candidate) => candidate.name).join(', ') || 'none'
    throw invalid(path, `it has no ${what} "${name}" (it has: ${known})`)
  }
  return entry[what] ?? {}
}

async function inlineOrFile(
  path: string,
  data: string | undefined,
  file: string | undefined,
): Promise<string | undefined> {
  if (data) return Buffer.from(data, 'base64').toString('utf8')
  if (!file) return undefined
  try {
    return await readFile(resolve(dirname(path), file), 'utf8')
  } catch (thrown) {
    throw invalid(path, messageOf(thrown), thrown)
  }
}

function invalid(path: string, message: string, cause?: unknown): DevenvError {
  return new DevenvError(
    'CONFIG_INVALID',
    `kubeconfig ${path}: ${message}`,
    cause === undefined ? {} : { cause },
  )
}
