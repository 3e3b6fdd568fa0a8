/** The API server as one thing: store, registry, in-process client and HTTPS server. */
import type { Clock } from '../../lib/clock.ts'
import { type Logger, silentLogger } from '../../lib/log.ts'
import type { ValidatingWebhook } from '../admission.ts'
import type { Client } from '../client.ts'
import type { ExternalMetrics } from '../metrics.ts'
import type { NodeAgent } from '../node/agent.ts'
import type { Catalog } from '../schema/types.ts'
import { ObjectStore } from '../store/store.ts'
import { runCrdLifecycle } from './crd-lifecycle.ts'
import { runEventExpiry } from './event-expiry.ts'
import type { Listening } from './http/server.ts'
import { createClient } from './registry/client.ts'
import type { AddressAllocator, RegistryContext } from './registry/context.ts'
import { reserveAddresses } from './registry/strategies/service.ts'
import type { Certificates } from './tls/bundle.ts'

export const GIT_VERSION = 'v1.35.0+devenv'

export interface ApiOptions {
  catalog: Catalog
  clock: Clock
  log?: Logger
  /** SQLite file that is written through and read at the start. Absent: memory only. */
  storeFile?: string
  /** Gives out Service addresses. */
  allocator: AddressAllocator
  /** The node, once there is one: logs, exec, port-forward, usage. */
  agent?: () => NodeAgent | undefined
  /** KEDA's metrics adapter, once there is one. */
  externalMetrics?: () => ExternalMetrics | undefined
  /** The operators' admission webhooks. */
  webhooks?: (client: Client) => ValidatingWebhook[]
}

interface ListenRequest {
  /** Default 127.0.0.1. */
  host?: string
  /** Default 0: any free port. */
  port?: number
  certificates: Certificates
}

export interface Api extends Disposable {
  client: Client
  store: ObjectStore
  /** Serves HTTPS until closed. The client works without. */
  listen(request: ListenRequest): Promise<Listening>
}

/** Opens the store and makes the API server; serves nothing yet. Dispose it to close the store. */
export function createApi(options: ApiOptions): Api {
  const { catalog, clock, log = silentLogger, allocator, storeFile } = options
  const store = new ObjectStore({ clock, log, ...(storeFile === undefined ? {} : { file: storeFile }) })
  const registry: RegistryContext = { catalog, store, clock, log, allocator, webhooks: [] }
  const client = createClient(registry)
  registry.webhooks = options.webhooks?.(client) ?? []
  reserveAddresses(registry)
  const background = [runCrdLifecycle(registry), runEventExpiry(registry)]
  return {
    client,
    store,
    async listen({ host, port, certificates }) {
      // The HTTP side is loaded only when it is asked for: controllers' tests do without.
      const [{ listen }, { TokenSigner }] = await Promise.all([
        import('./http/server.ts'),
        import('./http/token-signer.ts'),
      ])
      const context = {
        ...registry,
        agent: options.agent ?? (() => undefined),
        externalMetrics: options.externalMetrics ?? (() => undefined),
        tokens: new TokenSigner(certificates.tokenKey),
        gitVersion: GIT_VERSION,
      }
      return listen(context, {
        certificates,
        ...(host === undefined ? {} : { host }),
        ...(port === undefined ? {} : { port }),
      })
    },
    [Symbol.dispose]() {
      for (const each of background) each[Symbol.dispose]()
      store[Symbol.dispose]()
    },
  }
}
