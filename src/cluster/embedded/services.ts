/** What a supervisor owns: the embedded cluster, Vault in this process, Postgres as a child. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startEmbeddedCluster } from '../../embedded/cluster.ts'
import { freePorts } from '../../embedded/node/rabbitmq/free-ports.ts'
import { startVault, type VaultServer } from '../../embedded/vault/server.ts'
import type { VaultState } from '../../embedded/vault/state.ts'
import { systemClock } from '../../lib/clock.ts'
import { messageOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/log.ts'
import { writeFileAtomic } from '../../lib/paths.ts'
import { startPostgres } from './postgres/index.ts'
import type { SupervisorReady, SupervisorSpec } from './spec.ts'

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
  const [cluster, { vault, readToken }] = await Promise.all([
    startEmbeddedCluster({
      name: spec.nodeName,
      stateDir: spec.stateDir,
      cacheDir: spec.cacheDir,
      checkout: spec.checkout,
      images: spec.images,
      broker: spec.broker,
      apiPort: spec.apiPort,
      ...(spec.block === undefined ? {} : { block: spec.block }),
      hpaSyncPeriodMs: spec.hpaSyncPeriodMs,
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
      block: cluster.block,
      tier: cluster.tier,
    },
    postgres: postgres.then(() => undefined),
    async stop(discard) {
      const stopPostgres = async () => (await postgres.catch(() => undefined))?.stop({ discard })
      await Promise.all([cluster.stop(discard), stopPostgres()])
      if (!discard) await writeFileAtomic(vaultFile(spec), JSON.stringify(vault.exportState()))
      await vault.close()
    },
  }
}

function vaultFile(spec: SupervisorSpec): string {
  return join(spec.stateDir, 'vault.json')
}

/** Vault with the environment's mount, and a token that can read nothing but it. */
async function openVault(spec: SupervisorSpec): Promise<{ vault: VaultServer; readToken: string }> {
  const { rootToken, mount } = spec.vault
  const state = existsSync(vaultFile(spec))
    ? (JSON.parse(readFileSync(vaultFile(spec), 'utf8')) as VaultState)
    : undefined
  const vault = await startVault({
    host: '127.0.0.1',
    port: spec.vaultPort,
    rootToken,
    clock: systemClock,
    ...(state ? { state } : {}),
  })
  vault.ensureMount(mount)
  // A kept state knows the token of the earlier run; without one that token is gone.
  const readToken = state && spec.vault.readToken ? spec.vault.readToken : vault.createReadToken(mount)
  return { vault, readToken }
}
