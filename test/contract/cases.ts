/** Every contract case, and how a cluster runs them: each in a namespace of its own. */
import { join } from 'node:path'
import type { KubeConfig } from '@kubernetes/client-node'
import { it } from 'vitest'
import type { KubeClient } from '../../src/lib/kube/client.ts'
import { type ContractCase, PATIENCE_MS } from './case.ts'
import { apiCases } from './cases/api.ts'
import { argocdCases } from './cases/argocd.ts'
import { externalSecretsCases } from './cases/external-secrets.ts'
import { kedaCases } from './cases/keda.ts'
import { kubectlCases } from './cases/kubectl.ts'
import { rolloutTrafficCases } from './cases/rollout-traffic.ts'
import { rolloutCases } from './cases/rollouts.ts'
import { syncOptionCases } from './cases/sync-options.ts'
import { workloadCases } from './cases/workloads.ts'
import { CaseRepository } from './repository.ts'

export const CASES: ContractCase[] = [
  ...apiCases,
  ...workloadCases,
  ...kedaCases,
  ...externalSecretsCases,
  ...rolloutCases,
  ...rolloutTrafficCases,
  ...argocdCases,
  ...syncOptionCases,
  ...kubectlCases(),
]

/** A case waits several times. */
const CASE_MS = 3 * PATIENCE_MS

export interface ContractCluster {
  kube: KubeClient
  official: KubeConfig
  kubeconfig: string
  webImage: string
  /** Folder for the cases' repositories. */
  scratch: string
  /** Where the cluster reads that folder, when it does not share this machine's files. */
  served?: string
}

/** Declares the cases; `cluster` is asked when each runs. */
export function runCases(cases: ContractCase[], prefix: string, cluster: () => ContractCluster): void {
  for (const [index, { name, run }] of cases.entries()) {
    it(
      name,
      async () => {
        const { kube, scratch, served, ...rest } = cluster()
        const namespace = `${prefix}-${index}`
        const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }
        await kube.create('v1/namespaces', object)
        try {
          const url = served && `${served}/${namespace}/.git`
          const repository = new CaseRepository(join(scratch, namespace), url)
          await run({ kube, ...rest, namespace, repository })
        } finally {
          await kube.delete('v1/namespaces', namespace)
        }
      },
      CASE_MS,
    )
  }
}
