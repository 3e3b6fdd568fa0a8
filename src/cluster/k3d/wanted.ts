/** The containers beside the cluster, as compose/ describes them, with this environment's images, ports and passwords. */
import { join } from 'node:path'
import { readYaml } from '../../config/yaml-file.ts'
import { composeSchema, type WantedContainer, wantedContainers } from './compose.ts'
import { upstreamVariables } from './mirrors.ts'
import type { K3dOptions } from './options.ts'
import { outwardOf } from './outward.ts'
import type { EngineState } from './state.ts'

/** Throws CONFIG_INVALID for a compose file that is not of that form. */
export async function containersOf(
  options: K3dOptions,
  state: EngineState,
  vaultRootToken: string,
): Promise<WantedContainer[]> {
  const { checkout, lock, name, postgres } = options
  const compose = await readYaml(join(checkout, 'compose', 'compose.yaml'), composeSchema, checkout)
  const variables = {
    BASE: state.base,
    VAULT_IMAGE: lock.images.vault,
    VAULT_PORT: String(state.vaultPort),
    VAULT_ROOT_TOKEN: vaultRootToken,
    POSTGRES_IMAGE: lock.images.postgres,
    POSTGRES_PORT: String(state.postgresPort),
    POSTGRES_USER: postgres.user,
    POSTGRES_PASSWORD: postgres.password,
    POSTGRES_DB: postgres.database,
    REGISTRY_IMAGE: lock.images.registry,
    REGISTRY_PORT: String(state.registryPort),
    ...upstreamVariables(lock.mirrors, options.fetch.offline),
  }
  return wantedContainers(compose, name, variables, await outwardOf(options.env))
}
