/** The contract cases on the embedded cluster. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { KubeConfig } from '@kubernetes/client-node'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/cluster.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { KubeClient } from '../../src/lib/kube/client.ts'
import { silentLogger } from '../../src/lib/log.ts'
import { cacheDir } from '../../src/lib/paths.ts'
import type { ContractCase } from './case.ts'
import { apiCases } from './cases/api.ts'
import { argocdCases } from './cases/argocd.ts'
import { kubectlCases } from './cases/kubectl.ts'
import { rolloutCases } from './cases/rollouts.ts'
import { workloadCases } from './cases/workloads.ts'
import { CaseRepository } from './repository.ts'

const WEB_IMAGE = 'devenv/contract-web:1'
const CASES: ContractCase[] = [
  ...apiCases,
  ...workloadCases,
  ...rolloutCases,
  ...argocdCases,
  ...kubectlCases(),
]

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

  for (const [index, { name, run }] of CASES.entries()) {
    it(name, async () => {
      const namespace = `case-${index}`
      await kube.create('v1/namespaces', {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: namespace },
      })
      try {
        const repository = new CaseRepository(join(stateDir, 'repositories', namespace))
        const { kubeconfig } = cluster
        await run({ kube, official, kubeconfig, namespace, webImage: WEB_IMAGE, repository })
      } finally {
        await kube.delete('v1/namespaces', namespace)
      }
    })
  }
})
