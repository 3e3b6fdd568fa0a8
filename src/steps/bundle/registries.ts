/** Clients for the registries that images are from: the mirrors' upstreams, with the logins that the user has. */
import type { OperatorsLock } from '../../config/operators.ts'
import { RegistryClient } from '../../lib/registry/client.ts'
import { findCredentials } from '../../lib/registry/credentials.ts'
import { registryUrl } from '../../lib/registry/reference.ts'

export interface Registries extends AsyncDisposable {
  client(registry: string): Promise<RegistryClient>
}

/** One client a registry, made when it is first asked for. */
export function openRegistries(
  mirrors: Partial<OperatorsLock['mirrors']>,
  env: Record<string, string | undefined>,
  signal: AbortSignal,
  /** Registries of the team's own images, for which DEVENV_REGISTRY_USER is meant. */
  own: ReadonlySet<string>,
): Registries {
  const clients = new Map<string, Promise<RegistryClient>>()
  const make = async (registry: string) => {
    const upstream = mirrors[registry as keyof OperatorsLock['mirrors']] ?? registryUrl(registry)
    const found = await findCredentials(registry, env, own.has(registry))
    return new RegistryClient({
      url: upstream,
      credentials: found?.credentials,
      // A registry of this machine is not behind the proxy.
      env: upstream.startsWith('http://') ? {} : env,
      signal,
    })
  }
  return {
    client(registry) {
      const client = clients.get(registry) ?? make(registry)
      clients.set(registry, client)
      return client
    },
    async [Symbol.asyncDispose]() {
      const made = await Promise.allSettled(clients.values())
      for (const one of made) if (one.status === 'fulfilled') await one.value[Symbol.asyncDispose]()
    },
  }
}
