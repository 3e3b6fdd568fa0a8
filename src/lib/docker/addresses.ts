/** Where a Docker engine may answer: DOCKER_HOST, the chosen docker context, and the sockets of the usual engines. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

type Env = Record<string, string | undefined>

/** An engine's address, and whose it usually is. */
export interface Candidate {
  /** `unix:///path`, `tcp://host:port`, `ssh://host`. */
  host: string
  product: string
}

/** In the order in which they are asked. DOCKER_HOST alone when it is set: the user has chosen. */
export function engineCandidates(env: Env): Candidate[] {
  if (env.DOCKER_HOST) return [{ host: env.DOCKER_HOST, product: 'DOCKER_HOST' }]
  const home = env.HOME ?? homedir()
  const runtime = env.XDG_RUNTIME_DIR
  const chosen = chosenContext(home, env)
  const sockets: [string, string][] = [
    ['/var/run/docker.sock', 'Docker'],
    [join(home, '.docker', 'run', 'docker.sock'), 'Docker Desktop'],
    [join(home, '.docker', 'desktop', 'docker.sock'), 'Docker Desktop'],
    [join(home, '.orbstack', 'run', 'docker.sock'), 'OrbStack'],
    [join(home, '.colima', 'default', 'docker.sock'), 'Colima'],
    [join(env.XDG_CONFIG_HOME ?? join(home, '.config'), 'colima', 'default', 'docker.sock'), 'Colima'],
    [join(home, '.rd', 'docker.sock'), 'Rancher Desktop'],
    ...(runtime
      ? ([
          [join(runtime, 'docker.sock'), 'rootless Docker'],
          [join(runtime, 'podman', 'podman.sock'), 'Podman'],
        ] as [string, string][])
      : []),
    ['/run/podman/podman.sock', 'Podman'],
    ...(env.TMPDIR
      ? [[join(env.TMPDIR, 'podman', 'podman-machine-default-api.sock'), 'Podman'] as [string, string]]
      : []),
  ]
  const usual = sockets.map(([path, product]) => ({ host: `unix://${path}`, product }))
  return [...(chosen ? [chosen] : []), ...usual]
}

/** `docker context use NAME` writes the name into ~/.docker/config.json and the endpoint below its digest. */
function chosenContext(home: string, env: Env): Candidate | undefined {
  const folder = env.DOCKER_CONFIG ?? join(home, '.docker')
  try {
    const read = (...path: string[]) => JSON.parse(readFileSync(join(folder, ...path), 'utf8'))
    const name = env.DOCKER_CONTEXT ?? read('config.json').currentContext
    if (!name || name === 'default') return undefined
    const digest = createHash('sha256').update(name).digest('hex')
    const host = read('contexts', 'meta', digest, 'meta.json').Endpoints?.docker?.Host
    return typeof host === 'string' && host !== '' ? { host, product: `docker context ${name}` } : undefined
  } catch {
    return undefined
  }
}

/** The socket's path of a unix address. */
export function socketOf(host: string): string | undefined {
  return host.startsWith('unix://') ? host.slice('unix://'.length) : undefined
}
