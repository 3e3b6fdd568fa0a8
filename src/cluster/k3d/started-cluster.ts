/** A k3d cluster that serves, as everything above a provider sees it. */
import type { ServiceEndpoint, StartedCluster } from '../provider.ts'
import { GIT_PORT } from '../services/git.ts'
import { prepareVault } from '../services/vault.ts'
import type { beside } from './beside.ts'
import type { Capacity } from './capacity.ts'
import type { K3dOptions } from './options.ts'
import { hostOf, POSTGRES_PORT, VAULT_PORT } from './outside.ts'
import { type EngineState, NODE_PORTS } from './state.ts'
import { untilPostgres } from './until-postgres.ts'

/** Addresses, credentials and waits of what runs now. */
export function startedCluster(
  options: K3dOptions,
  state: EngineState,
  made: {
    size: Capacity['size']
    kubernetes: string
    kubeconfig: string
    vaultRootToken: string
    vaultReadToken: string
    /** Vault and Postgres as containers, started beside everything else. */
    services: ReturnType<typeof beside>
    images: ReturnType<typeof beside>
    pods: ReturnType<typeof beside>
    metrics: ReturnType<typeof beside>
  },
): StartedCluster {
  const { database } = options.postgres
  const ingress = made.size === 'full' ? state.ingressPorts : undefined
  const vault = `http://127.0.0.1:${state.vaultPort}`
  return {
    kind: 'k3d',
    kubernetes: made.kubernetes,
    kubeconfig: made.kubeconfig,
    endpoints: {
      kubernetes: `https://127.0.0.1:${state.apiPort}`,
      vault,
      postgres: `postgresql://127.0.0.1:${state.postgresPort}/${database}`,
      ...(ingress ? { ingress: `http://127.0.0.1:${ingress.http}` } : {}),
    },
    gitBase: `git://${hostOf('git')}:${GIT_PORT}/`,
    vault: {
      address: vault,
      podAddress: `http://${hostOf('vault')}:${VAULT_PORT}`,
      token: made.vaultRootToken,
      readToken: made.vaultReadToken,
      async ready(waits) {
        await made.services(waits)
        const { vaultMount: mount } = options
        const { vaultRootToken: rootToken, vaultReadToken: readToken } = made
        await prepareVault({ address: vault, rootToken, mount, readToken }, waits)
      },
    },
    postgres: {
      host: '127.0.0.1',
      port: state.postgresPort,
      podHost: hostOf('postgres'),
      podPort: POSTGRES_PORT,
      ...options.postgres,
      async ready(waits) {
        await made.services(waits)
        await untilPostgres({ host: '127.0.0.1', port: state.postgresPort, ...options.postgres }, waits)
      },
    },
    images: { ready: made.images },
    pods: { ready: made.pods },
    metrics: { ready: made.metrics },
    services: {
      kind: 'node-port',
      host: '127.0.0.1',
      ports: Object.fromEntries(
        (Object.keys(NODE_PORTS) as ServiceEndpoint[]).map((key) => [
          key,
          { node: NODE_PORTS[key], host: state.endpointPorts[key] },
        ]),
      ) as Record<ServiceEndpoint, { node: number; host: number }>,
    },
    async close() {},
  }
}
