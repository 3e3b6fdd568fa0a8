/** The run record: what an environment is made of, written before its first resource and read by every command. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DevenvError, messageOf } from './errors.ts'
import { stateDir, writeFileAtomic } from './paths.ts'

/** Where each part is reached from this machine: URLs, or host:port; absent when it is not there. */
export interface Endpoints {
  kubernetes?: string
  vault?: string
  /** `amqp://host:port`, without credentials. */
  rabbitmq?: string
  rabbitmqManagement?: string
  /** `postgresql://host:port/database`, without credentials. */
  postgres?: string
  coreApi?: string
  frontend?: string
  dashboard?: string
  argocd?: string
  /** Where the cluster's ingress controller listens. */
  ingress?: string
}

/** One product of the environment, as it was installed. */
export interface ComponentRecord {
  name: string
  version: string
  /** `real` is the product itself, `embedded` our own implementation of its API. */
  implementation: 'real' | 'embedded'
  endpoint?: string
  /** Where its workloads are, for what runs in the cluster as pods. */
  namespace?: string
}

/** `Starting` until the bring-up is through; `Ready` after; `Stopped` by `devenv stop`. */
export type RecordPhase = 'Starting' | 'Ready' | 'Stopped'

/** The flags of an `up` that make the environment what it is. */
export interface Asked {
  /** `auto`, `embedded`, `k3d`, `context:NAME`. */
  cluster: string
  /** Absent: the environment's own default. */
  profile?: string
  /** A chart in place of the bundled one. */
  chart?: string
  /** The chart's folder itself is synced, as its files are saved. */
  watchChart?: boolean
  /** A repository in place of the environment's own: a URL or a folder. */
  repo?: string
  /** Folder of the chart in it. */
  path?: string
  /** Branch, tag or commit of it; absent: its HEAD. */
  revision?: string
  ttlMs?: number
  /** Operators that are in the cluster already are used as they are. */
  adoptOperators?: boolean
  /** The network may not be asked for anything. */
  offline?: boolean
  /** `local`: images of workloads/ are built here; `team`: the team's own are pulled. */
  images?: 'local' | 'team'
}

/** The Service in the cluster that commits are pushed to, for clusters that cannot read this machine's folders. */
export interface RepositoryCarrier {
  namespace: string
  service: string
  port: number
}

export interface RunRecord {
  apiVersion: 'devenv/v1'
  kind: 'Run'
  name: string
  /** RFC 3339. */
  createdAt: string
  /** Folder of the checkout that made it. */
  checkout: string
  cluster: {
    kind: 'embedded' | 'k3d' | 'context'
    /** Why this kind of cluster. */
    reason: string
    /** Version as the API server reports it: `v1.35.2`. */
    kubernetes: string
    kubeconfig: string
    /** The context to use in that kubeconfig, if not its current one. */
    context?: string
    supervisorPid?: number
    controlSocket?: string
  }
  profile: string
  /** What `up` was asked for: `start` asks for the same. */
  asked?: Asked
  namespace: string
  release: string
  /** Namespace of Argo CD and of the Application, which is named as the release. */
  argocd?: string
  /** The environment's own repository: its URL as the cluster reads it, and its bare folder on this machine. */
  repository?: { url: string; folder: string; carrier?: RepositoryCarrier }
  endpoints: Endpoints
  components: ComponentRecord[]
  phase: RecordPhase
  /** When it removes itself (RFC 3339): `up --ttl`. */
  expiresAt?: string
  /** Why the last `up` ended before everything was Ready. */
  failure?: string
  /** It gave up waiting, or was interrupted: what it waited for may have come since. */
  failureMayPass?: boolean
  /** Hash of what it was made from: the same inputs need no second bring-up. */
  fingerprint?: string
}

type Env = Record<string, string | undefined>

/** Path of an environment's run record. */
export function recordPath(name: string, env?: Env): string {
  return join(stateDir(name, env), 'record.json')
}

export async function writeRecord(record: RunRecord, env?: Env): Promise<void> {
  await writeFileAtomic(recordPath(record.name, env), `${JSON.stringify(record, null, 2)}\n`)
}

/** The record, or undefined when there is no such environment. A damaged one throws CONFIG_INVALID. */
export async function readRecord(name: string, env?: Env): Promise<RunRecord | undefined> {
  const path = recordPath(name, env)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined
    throw new DevenvError('STATE_UNWRITABLE', `cannot read ${path}: ${messageOf(thrown)}`, {
      cause: thrown,
      fix: 'Make that folder yours and readable, or point DEVENV_HOME at a folder that is.',
    })
  }
  return parseRecord(text, path)
}

/** The record of an environment that must exist: ABSENT, with what to run, otherwise. */
export async function requireRecord(name: string, env?: Env): Promise<RunRecord> {
  const record = await readRecord(name, env)
  if (record) return record
  throw new DevenvError('ABSENT', `there is no environment "${name}"`, { fix: 'npm run up' })
}

function parseRecord(text: string, path: string): RunRecord {
  let parsed: Partial<RunRecord>
  try {
    parsed = JSON.parse(text) as Partial<RunRecord>
  } catch (thrown) {
    throw damaged(path, messageOf(thrown))
  }
  const required = ['name', 'checkout', 'cluster', 'namespace', 'release', 'phase'] as const
  const missing = required.filter((field) => parsed?.[field] === undefined)
  if (parsed?.kind !== 'Run' || parsed.apiVersion !== 'devenv/v1')
    throw damaged(path, 'it is no devenv/v1 Run')
  if (missing.length > 0) throw damaged(path, `it lacks ${missing.join(', ')}`)
  // Written before the first resource: endpoints and components fill up as the bring-up goes on.
  return { endpoints: {}, components: [], ...parsed } as RunRecord
}

function damaged(path: string, why: string): DevenvError {
  return new DevenvError('CONFIG_INVALID', `${path} is damaged: ${why}`, {
    fix: 'npm run down removes the environment by its labels; then npm run up.',
    exitCode: 1,
  })
}
