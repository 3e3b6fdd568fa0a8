/** The user's own kubeconfig, read and never written: one context of it as a file that stands alone. */
import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path'
import { parse, stringify } from 'yaml'
import { DevenvError, messageOf } from '../errors.ts'

type Env = Record<string, string | undefined>
type Fields = Record<string, any>

export interface FlatContext {
  name: string
  /** URL of the API server. */
  server: string
  /** A kubeconfig with this context alone; paths in it are absolute. */
  text: string
}

interface Entry {
  name: string
  fields: Fields
  /** Folder of the file that it comes from: its relative paths begin there. */
  folder: string
}

/** KUBECONFIG's files in their order, else ~/.kube/config. */
export function kubeconfigFiles(env: Env): string[] {
  const listed = (env.KUBECONFIG ?? '').split(delimiter).filter((path) => path !== '')
  return listed.length > 0 ? listed : [join(env.HOME ?? homedir(), '.kube', 'config')]
}

/**
 * Finds a context as kubectl does: over all files, of each name the first. Throws USAGE with the contexts that
 * there are, or CONFIG_INVALID for a file that is no kubeconfig or a context that names what is not there.
 */
export async function flattenContext(name: string, env: Env): Promise<FlatContext> {
  const files = kubeconfigFiles(env)
  const documents = await Promise.all(files.map(readDocument))
  const entries = (list: string, field: string) =>
    documents.flatMap(({ document, folder }): Entry[] =>
      ((document[list] as Fields[] | undefined) ?? []).map((entry) => ({
        name: String(entry.name),
        fields: entry[field] ?? {},
        folder,
      })),
    )
  const contexts = entries('contexts', 'context')
  const context = contexts.find((candidate) => candidate.name === name)
  if (!context) {
    const known = contexts.map((candidate) => candidate.name).join(', ') || 'none'
    throw new DevenvError('USAGE', `--cluster context:${name}: ${files.join(', ')} has no such context`, {
      fix: `There are: ${known}.`,
    })
  }
  const pick = (list: string, field: string, wanted: unknown) => {
    const found = entries(list, field).find((candidate) => candidate.name === wanted)
    if (found) return found
    throw new DevenvError(
      'CONFIG_INVALID',
      `context ${name} names the ${field} "${wanted}", which is not there`,
    )
  }
  const cluster = pick('clusters', 'cluster', context.fields.cluster)
  const user = context.fields.user ? pick('users', 'user', context.fields.user) : undefined
  const server = String(cluster.fields.server ?? '')
  const document = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    contexts: [{ name, context: context.fields }],
    clusters: [{ name: cluster.name, cluster: absolutePaths(cluster) }],
    users: user ? [{ name: user.name, user: absolutePaths(user) }] : [],
  }
  await refuseExpired(name, user)
  return { name, server, text: stringify(document) }
}

/** Names that stand for this machine, or for a cluster that a tool made on it. */
export function looksLocal({ name, server }: Pick<FlatContext, 'name' | 'server'>): boolean {
  const host = URL.canParse(server) ? new URL(server).hostname.replace(/^\[|\]$/g, '') : ''
  const here =
    /^(localhost|127\.\d+\.\d+\.\d+|::1|0\.0\.0\.0|kubernetes\.docker\.internal|host\.docker\.internal)$/
  const tools =
    /^(kind-|k3d-|minikube|docker-desktop|docker-for-desktop|colima|rancher-desktop|orbstack|microk8s)/
  const privateAddress = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/
  return here.test(host) || (tools.test(name) && privateAddress.test(host))
}

const PATHS = ['certificate-authority', 'client-certificate', 'client-key', 'tokenFile']

function absolutePaths({ fields, folder }: Entry): Fields {
  const result: Fields = { ...fields }
  for (const field of PATHS) if (result[field]) result[field] = resolve(folder, result[field])
  const command = result.exec?.command
  // A command with a slash is relative to the kubeconfig, one without is looked up on PATH.
  if (typeof command === 'string' && command.includes('/') && !isAbsolute(command))
    result.exec = { ...result.exec, command: resolve(folder, command) }
  return result
}

/** The server would answer with a TLS alert that names no date. */
async function refuseExpired(context: string, user: Entry | undefined): Promise<void> {
  const data = user?.fields['client-certificate-data']
  const path = user?.fields['client-certificate']
  if (!user || (!data && !path)) return
  const pem = data
    ? Buffer.from(data, 'base64')
    : await readFile(resolve(user.folder, path)).catch(() => undefined)
  if (!pem) return
  const end = new X509Certificate(pem).validToDate
  if (end.getTime() > Date.now()) return
  throw new DevenvError(
    'ACCESS_DENIED',
    `context ${context}: its client certificate ended on ${end.toISOString()}`,
    { fix: 'Fetch the cluster’s kubeconfig again, in the way that you got this one.' },
  )
}

async function readDocument(path: string): Promise<{ document: Fields; folder: string }> {
  const folder = dirname(resolve(path))
  try {
    const document = parse(await readFile(path, 'utf8')) as unknown
    if (typeof document === 'object' && document !== null) return { document, folder }
    return { document: {}, folder }
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return { document: {}, folder }
    throw new DevenvError('CONFIG_INVALID', `kubeconfig ${path}: ${messageOf(thrown)}`, { cause: thrown })
  }
}
