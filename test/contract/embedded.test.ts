/** The contract cases on the embedded cluster. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { KubeConfig } from '@kubernetes/client-node'
import { afterAll, beforeAll, describe } from 'vitest'
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/cluster.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { KubeClient } from '../../src/lib/kube/client.ts'
import { silentLogger } from '../../src/lib/log.ts'
import { cacheDir } from '../../src/lib/paths.ts'
import { CASES, runCases } from './cases.ts'

const WEB_IMAGE = 'devenv/contract-web:1'
describe('contract, on the embedded cluster', () => {
  let stateDir: string
  let cluster: EmbeddedCluster
  let kube: KubeClient
  const official = new KubeConfig()

  beforeAll(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'dvc-'))
    cluster = await startEmbeddedCluster({
      name: 'contract',
      stateDir,
      cacheDir: cacheDir(),
      checkout: dirname(dirname(dirname(fileURLToPath(import.meta.url)))),
      images: {
        file: 'devenv/images.yaml',
        rules: [{ match: 'devenv/contract-web:*', runner: { kind: 'node', entry: 'test/contract/web.ts' } }],
      },
      apiPort: 0,
      hpaSyncPeriodMs: 1000,
      argocd: { folderOf: () => undefined },
      clock: systemClock,
      log: silentLogger,
    })
    kube = await KubeClient.fromFile(cluster.kubeconfig)
    official.loadFromFile(cluster.kubeconfig)
  })
  afterAll(async () => {
    kube?.close()
    await cluster?.stop(true)
    await rm(stateDir, { recursive: true, force: true })
  })

  runCases(CASES, 'case', () => ({
    kube,
    official,
    kubeconfig: cluster.kubeconfig,
    webImage: WEB_IMAGE,
    scratch: join(stateDir, 'repositories'),
  }))
})
