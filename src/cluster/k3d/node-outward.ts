/** A node keeps the proxies that it was made with, and the certificates of its last start: told when the user's are others. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Engine } from '../../lib/docker/engine.ts'
import { orMissing } from '../../lib/docker/images.ts'
import { writeFileAtomic } from '../../lib/paths.ts'
import { extraCertificates } from '../../lib/trust.ts'
import { nodeName } from './names.ts'
import { proxyVariables } from './outward.ts'

type Env = Record<string, string | undefined>

/** Programs in Go read every file of that folder. */
export const NODE_CERTIFICATES = '/etc/ssl/certs/devenv-ca.pem'
const VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY']

/** What a node has, as its engine and the environment's folder tell it. */
export interface NodeOutward {
  running: boolean
  /** `NAME=value`. */
  variables: string[]
  /** Those that it mounts; undefined where it mounts none. */
  certificates: string | undefined
}

/** What a node needs to have: what a new one would get. */
export interface Wanted {
  proxies: Record<string, string>
  certificates: string | undefined
}

/** One line on what differs and what to do; undefined where nothing does, or the node's next start mends it. */
export function outdatedNode(name: string, has: NodeOutward, wanted: Wanted): string | undefined {
  const had = Object.fromEntries(has.variables.map((one) => one.split(/=(.*)/s)))
  const variables = VARIABLES.filter((variable) => (had[variable] ?? '') !== (wanted.proxies[variable] ?? ''))
  // A file that is mounted is read again by a node that starts; one that is not cannot be given to it any more.
  const mounts = has.certificates !== undefined
  const certificates = mounts
    ? has.running && wanted.certificates !== undefined && has.certificates !== wanted.certificates
    : wanted.certificates !== undefined
  const changed = [...variables, ...(certificates ? ['the certificates of NODE_EXTRA_CA_CERTS'] : [])]
  if (changed.length === 0) return undefined
  const restart = variables.length === 0 && mounts
  const since = `since node ${name} ${restart ? 'started' : 'was made'}`
  const mend = restart
    ? 'npm run stop, then npm run up gives it the new'
    : 'npm run down, then npm run up makes one with the new'
  return `${changed.join(', ')} changed ${since}: what it pulls past the mirrors goes by the old; ${mend}`
}

/** The same of the environment's node, where there is one. `base` is that of its network. */
export async function outdatedOutward(
  engine: Engine,
  given: { environment: string; stateDir: string; base: string; env: Env },
): Promise<string | undefined> {
  const { environment, stateDir, base, env } = given
  const name = nodeName(environment)
  const node = await orMissing(() => engine.getContainer(name).inspect())
  if (!node) return undefined
  const mounted = node.Mounts?.some(({ Destination }) => Destination === NODE_CERTIFICATES)
  const has = {
    running: node.State.Running,
    variables: node.Config.Env ?? [],
    certificates: mounted ? await readFile(certificatesPath(stateDir), 'utf8').catch(() => '') : undefined,
  }
  const wanted = {
    proxies: proxyVariables(env, [networkOf(base)]),
    certificates: await extraCertificates(env),
  }
  return outdatedNode(name, has, wanted)
}

/** What the node's own network is called in NO_PROXY. */
export function networkOf(base: string): string {
  return `${base}.0/24`
}

/**
 * A copy that nodes mount: the environment's folder is shared with the engine, the user's may not be. While one runs
 * it stays what that one has read: a file that is mounted alone is another one once it has been replaced.
 */
export async function certificatesFile(
  stateDir: string,
  env: Env,
  running: boolean,
): Promise<string | undefined> {
  const certificates = await extraCertificates(env)
  if (!certificates) return undefined
  const path = certificatesPath(stateDir)
  if (!running) await writeFileAtomic(path, certificates, 0o644)
  return path
}

function certificatesPath(stateDir: string): string {
  return join(stateDir, 'ca.pem')
}
