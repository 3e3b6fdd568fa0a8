/** The embedded cluster as a provider: a detached supervisor process owns everything, this starts and ends it. */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import type { ImageMap } from '../../embedded/node/images.ts'
import { ENVIRONMENT_MARK, environmentMark, startDaemon } from '../../lib/daemon.ts'
import { DevenvError, type ErrorCode } from '../../lib/errors.ts'
import { ensureDir, writeFileAtomic } from '../../lib/paths.ts'
import type { Provider, StartedCluster } from '../provider.ts'
import { type BrokerInstall, ensureBroker } from './broker/index.ts'
import { checkImages } from './check-images.ts'
import { checkPorts, type WantedPort } from './check-ports.ts'
import { askControl, controlSocket } from './control.ts'
import { expiresAt } from './expiry.ts'
import { checkMachine } from './preflight.ts'
import { removeEnvironment } from './remove.ts'
import type { SupervisorMessage, SupervisorReady, SupervisorSpec } from './spec.ts'
import { stopEnvironment } from './stop.ts'

const SUPERVISOR = fileURLToPath(new URL('./supervisor.ts', import.meta.url))
const CONTROL_TIMEOUT_MS = 2000
const POSTGRES_TIMEOUT_MS = 60_000

export interface EmbeddedOptions {
  name: string
  checkout: string
  stateDir: string
  cacheDir: string
  images: ImageMap
  /** What the manifests listen on. */
  ports: WantedPort[]
  hpaSyncPeriodMs: number
  /** Kinds that Argo CD leaves out. */
  exclusions: SupervisorSpec['exclusions']
  postgres: { user: string; password: string; database: string }
  vaultMount: string
  ttlMs: number | undefined
  /** Nothing may be fetched. */
  offline: boolean
}

/** Makes, resumes and removes the embedded cluster of one environment. */
export function embeddedProvider(options: EmbeddedOptions): Provider {
  let broker: BrokerInstall | undefined
  return {
    kind: 'embedded',
    operators: 'built-in',
    async probe() {
      return { available: true, reason: 'it needs no Docker engine' }
    },
    async preflight(used, progress) {
      checkImages(used, options.images)
      await checkMachine(options.stateDir)
      await checkPorts(options.ports)
      broker = await ensureBroker(options.cacheDir, { offline: options.offline, onProgress: progress })
      return { size: 'full' }
    },
    async start(progress) {
      await ensureDir(options.stateDir)
      const running = await askControl(controlSocket(options.stateDir), { verb: 'info' }, CONTROL_TIMEOUT_MS)
      const spec = await readSpec(options.stateDir)
      broker ??=
        spec?.broker ??
        (await ensureBroker(options.cacheDir, { offline: options.offline, onProgress: progress }))
      const next = makeSpec(options, broker, spec)
      if (running?.ok && 'info' in running && spec) {
        // How long it lives can change while it runs.
        if (isDeepStrictEqual(asRead({ ...next, expiresAt: spec.expiresAt }), spec)) {
          await setExpiry(next)
          return started(next, running.info)
        }
        progress('the running cluster to stop: it goes on with the changed configuration')
        await stopEnvironment(options.name, options.stateDir, progress)
      }
      await writeFileAtomic(specPath(options.stateDir), JSON.stringify(next))
      const ready = await launch(next, progress)
      const settled: SupervisorSpec = {
        ...next,
        apiPort: ready.apiPort,
        vaultPort: ready.vaultPort,
        postgresPort: ready.postgresPort,
        gitPort: ready.gitPort,
        block: ready.block,
        vault: { ...next.vault, readToken: ready.vaultReadToken },
      }
      await writeFileAtomic(specPath(options.stateDir), JSON.stringify(settled))
      return started(settled, ready)
    },
    remove: (progress) => removeEnvironment(options.name, options.stateDir, progress),
  }
}

/** What is undefined is not written. */
function asRead(spec: SupervisorSpec): unknown {
  return JSON.parse(JSON.stringify(spec))
}

function specPath(stateDir: string): string {
  return join(stateDir, 'supervisor.json')
}

async function readSpec(stateDir: string): Promise<SupervisorSpec | undefined> {
  try {
    return JSON.parse(await readFile(specPath(stateDir), 'utf8')) as SupervisorSpec
  } catch {
    return undefined
  }
}

/** Credentials and addresses of an earlier run stay: its objects, rows and Vault hold them. */
function makeSpec(
  options: EmbeddedOptions,
  broker: BrokerInstall,
  earlier: SupervisorSpec | undefined,
): SupervisorSpec {
  return {
    name: options.name,
    checkout: options.checkout,
    stateDir: options.stateDir,
    cacheDir: options.cacheDir,
    nodeName: options.name,
    apiPort: earlier?.apiPort ?? 0,
    vaultPort: earlier?.vaultPort ?? 0,
    postgresPort: earlier?.postgresPort ?? 0,
    gitPort: earlier?.gitPort ?? 0,
    block: earlier?.block,
    hpaSyncPeriodMs: options.hpaSyncPeriodMs,
    exclusions: options.exclusions,
    images: options.images,
    broker,
    postgres: options.postgres,
    vault: {
      mount: options.vaultMount,
      rootToken: earlier?.vault.rootToken ?? `hvs.${secret()}`,
      readToken: earlier?.vault.readToken,
    },
    expiresAt: expiresAt(Date.now(), options.ttlMs, earlier?.expiresAt),
  }
}

function secret(): string {
  return randomBytes(18).toString('base64url')
}

async function setExpiry(spec: SupervisorSpec): Promise<void> {
  const at = spec.expiresAt === undefined ? {} : { at: spec.expiresAt }
  await askControl(controlSocket(spec.stateDir), { verb: 'expire', ...at }, CONTROL_TIMEOUT_MS)
  await writeFileAtomic(specPath(spec.stateDir), JSON.stringify(spec))
}

async function launch(spec: SupervisorSpec, progress: (what: string) => void): Promise<SupervisorReady> {
  const logFile = join(spec.stateDir, 'supervisor.log')
  const daemon = startDaemon<SupervisorMessage>({
    args: [SUPERVISOR, specPath(spec.stateDir)],
    cwd: spec.stateDir,
    logFile,
    env: { ...inheritedEnv(), [ENVIRONMENT_MARK]: environmentMark(spec.name, spec.stateDir) },
  })
  try {
    for await (const message of daemon.messages) {
      if (message.type === 'progress') progress(message.what)
      else if (message.type === 'ready') return message.ready
      else
        throw new DevenvError(message.code as ErrorCode, message.message, {
          log: logFile,
          ...(message.fix ? { fix: message.fix } : {}),
        })
    }
    throw new DevenvError('CHILD_FAILED', 'the supervisor ended before its API answered', { log: logFile })
  } finally {
    daemon.release()
  }
}

/** What programs need to run at all; nothing of the user's secrets goes into the cluster's processes. */
function inheritedEnv(): Record<string, string> {
  const keep = [
    'PATH',
    'HOME',
    'LANG',
    'LC_ALL',
    'TZ',
    'TMPDIR',
    'USER',
    'DEVENV_HOME',
    'XDG_CACHE_HOME',
    'XDG_STATE_HOME',
  ]
  return Object.fromEntries(keep.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))
}

function started(spec: SupervisorSpec, ready: SupervisorReady): StartedCluster {
  const vault = `http://127.0.0.1:${ready.vaultPort}`
  const { user, password, database } = spec.postgres
  return {
    kind: 'embedded',
    ...(spec.expiresAt === undefined ? {} : { expiresAt: new Date(spec.expiresAt).toISOString() }),
    kubernetes: ready.kubernetes,
    kubeconfig: ready.kubeconfig,
    gitBase: `http://127.0.0.1:${ready.gitPort}/`,
    endpoints: {
      kubernetes: `https://127.0.0.1:${ready.apiPort}`,
      vault,
      postgres: `postgresql://127.0.0.1:${ready.postgresPort}/${database}`,
    },
    vault: {
      address: vault,
      podAddress: vault,
      token: spec.vault.rootToken,
      readToken: ready.vaultReadToken,
      // The supervisor says that it serves once Vault does.
      async ready() {},
    },
    postgres: {
      host: '127.0.0.1',
      port: ready.postgresPort,
      podHost: '127.0.0.1',
      podPort: ready.postgresPort,
      user,
      password,
      database,
      ready: () => postgresReady(spec.stateDir),
    },
    services: { kind: 'cluster-ip' },
    async close() {},
  }
}

async function postgresReady(stateDir: string): Promise<void> {
  const answer = await askControl(controlSocket(stateDir), { verb: 'postgres' }, POSTGRES_TIMEOUT_MS)
  if (answer?.ok) return
  throw new DevenvError(
    'STEP_FAILED',
    `Postgres does not accept connections: ${answer?.message ?? 'the supervisor does not answer'}`,
    {
      log: join(stateDir, 'supervisor.log'),
    },
  )
}
