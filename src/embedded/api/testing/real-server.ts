/** The API server over the real catalog, for tests with real clients. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../../lib/clock.ts'
import type { Client } from '../../client.ts'
import type { NodeAgent } from '../../node/agent.ts'
import { createCatalog } from '../../schema/index.ts'
import { bootstrapObjects } from '../bootstrap.ts'
import { createApi } from '../create-api.ts'
import { loadCertificates } from '../tls/certificates.ts'
import { writeKubeconfig } from '../tls/kubeconfig.ts'

export interface RealServer extends AsyncDisposable {
  client: Client
  kubeconfig: string
  /** A folder of the test's own, removed at the end. */
  folder: string
}

/** Serves a bootstrapped cluster without controllers; `agent` plays the node. */
export async function realServer(agent?: NodeAgent): Promise<RealServer> {
  const folder = await mkdtemp(join(tmpdir(), 'api-'))
  const catalog = createCatalog()
  let next = 1
  const api = createApi({
    catalog,
    clock: systemClock,
    allocator: { allocate: () => `127.96.0.${next++}`, reserve: () => undefined },
    storeFile: join(folder, 'store.db'),
    agent: () => agent,
    externalMetrics: () => ({
      values: async (_, metricName) => [
        { metricName, metricLabels: null, timestamp: '2026-01-01T00:00:00Z', value: '33' },
      ],
    }),
  })
  const certificates = await loadCertificates(undefined)
  const listening = await api.listen({ certificates })
  const groupVersions = [
    ...new Set(catalog.resources().map(({ group, version }) => (group ? `${group}/${version}` : version))),
  ]
  bootstrapObjects(api.client, {
    ca: certificates.ca,
    address: '127.0.0.1',
    port: listening.port,
    groupVersions,
    now: new Date().toISOString(),
  })
  const kubeconfig = join(folder, 'kubeconfig')
  await writeKubeconfig(kubeconfig, {
    name: 'test',
    server: `https://127.0.0.1:${listening.port}`,
    certificates,
  })
  return {
    client: api.client,
    kubeconfig,
    folder,
    async [Symbol.asyncDispose]() {
      await listening.close()
      api[Symbol.dispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
