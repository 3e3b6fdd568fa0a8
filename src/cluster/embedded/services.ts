/** What a supervisor owns: the embedded cluster, Vault in this process, Postgres as a child. */
import { join } from 'node:path'
import { startEmbeddedCluster } from '../../embedded/cluster.ts'
import { startGitServer } from '../../embedded/git/server.ts'
import { systemClock } from '../../lib/clock.ts'
import { environmentMark } from '../../lib/daemon.ts'
import { messageOf } from '../../lib/errors.ts'
import { freePorts } from '../../lib/free-ports.ts'
import type { Logger } from '../../lib/log.ts'
import { gitRoot } from '../../lib/paths.ts'
import { startPostgres } from './postgres/index.ts'
import type { SupervisorReady, SupervisorSpec } from './spec.ts'
import { openVault } from './vault.ts'

export interface Services {
  ready: SupervisorReady
  /** Resolves when Postgres accepts connections. */
  postgres: Promise<void>
  /** Ends everything. `discard`: the state is about to be deleted, so nothing needs to be saved. */
  stop(discard: boolean): Promise<void>
}

/** Starts everything side by side; resolves when the API and Vault serve. Postgres comes after that. */
export async function startServices(
  spec: SupervisorSpec,
  log: Logger,
  progress: (what: string) => void,
): Promise<Services> {
  progress('the Kubernetes API')
  const postgresPort = spec.postgresPort || (await freePorts(1))[0]!
  const postgres = startPostgres({
    dataDir: join(spec.stateDir, 'postgres'),
    cacheDir: spec.cacheDir,
    host: '127.0.0.1',
    port: postgresPort,
    log: log.child('postgres'),
    ...spec.postgres,
  })
  const git = await startGitServer({ root: gitRoot(spec.stateDir), port: spec.gitPort })
  const [cluster, { vault, readToken, save }] = await Promise.all([
    startEmbeddedCluster({
      name: spec.nodeName,
      mark: environmentMark(spec.name, spec.stateDir),
      stateDir: spec.stateDir,
      cacheDir: spec.cacheDir,
      checkout: spec.checkout,
      images: spec.images,
      broker: spec.broker,
      apiPort: spec.apiPort,
      ...(spec.block === undefined ? {} : { block: spec.block }),
      hpaSyncPeriodMs: spec.hpaSyncPeriodMs,
      argocd: { folderOf: git.folderOf, exclusions: spec.exclusions },
      clock: systemClock,
      log,
    }),
    openVault(spec),
  ])
  // Asked for over the control socket; without a question its failure is in the log only.
  postgres.catch((thrown) => log.error(`Postgres: ${messageOf(thrown)}`))
  return {
    ready: {
      pid: process.pid,
      kubernetes: cluster.kubernetes,
      kubeconfig: cluster.kubeconfig,
      apiPort: cluster.apiPort,
      vaultPort: Number(new URL(vault.address).port),
      vaultReadToken: readToken,
      postgresPort,
      gitPort: git.port,
      block: cluster.block,
      tier: cluster.tier,
    },
    postgres: postgres.then(() => undefined),
    async stop(discard) {
      const stopPostgres = async () => (await postgres.catch(() => undefined))?.stop({ discard })
      const began = performance.now()
      await Promise.all([cluster.stop(discard), stopPostgres()])
      log.info('pods, API and database have ended', { ms: Math.round(performance.now() - began) })
      await git[Symbol.asyncDispose]()
      await vault.close()
      // Also when the folder is about to go: a write that is under way would make it again.
      await save()
    },
  }
}
