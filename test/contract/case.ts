/** A contract case: one behaviour, checked through the Kubernetes API alone, on any cluster. */
import type { KubeConfig } from '@kubernetes/client-node'
import type { KubeClient } from '../../src/lib/kube/client.ts'
import type { KubeObject, Resource } from '../../src/lib/kube/object.ts'
import { waitFor } from '../../src/lib/wait.ts'
import type { CaseRepository } from './repository.ts'

export interface ContractContext {
  kube: KubeClient
  /** The official client's view of the same cluster. */
  official: KubeConfig
  kubeconfig: string
  /** A namespace of the case's own, removed afterwards. */
  namespace: string
  /** An image that runs a web server on $PORT (default 8080): `/` answers its pod's name, `/fail` makes `/health` fail. */
  webImage: string
  /** A repository of the case's own that Argo CD can read. */
  repository: CaseRepository
}

export interface ContractCase {
  name: string
  run(context: ContractContext): Promise<void>
}

/** A real cluster pulls, schedules and syncs at its own pace. */
export const PATIENCE_MS = process.env.DEVENV_CONTRACT_KUBECONFIG ? 90_000 : 30_000

/** The object, once the check holds for it; the deadline's message tells what the check last said. */
export function eventually(
  kube: KubeClient,
  resource: Resource,
  name: string,
  namespace: string | undefined,
  check: (object: KubeObject | undefined) => string | undefined,
): Promise<KubeObject> {
  return waitFor<KubeObject>(
    `${resource} ${name}`,
    async () => {
      const object = await kube.find(resource, name, namespace === undefined ? {} : { namespace })
      const missing = check(object)
      return missing ? { waiting: missing } : { done: object as KubeObject }
    },
    { timeoutMs: PATIENCE_MS, intervalMs: 50 },
  )
}

/** A Deployment of the web image, as small as it can be. */
export function webDeployment(
  context: ContractContext,
  name: string,
  replicas: number,
  extra: { env?: object[]; image?: string; probe?: object } = {},
): KubeObject {
  const labels = { app: name }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: context.namespace },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 2,
          containers: [
            {
              name: 'web',
              image: extra.image ?? context.webImage,
              ports: [{ containerPort: 8080 }],
              ...(extra.env ? { env: extra.env } : {}),
              readinessProbe: extra.probe ?? { httpGet: { path: '/health', port: 8080 }, periodSeconds: 1 },
            },
          ],
        },
      },
    },
  }
}

/** Says what a Deployment lacks to be complete. */
export function incomplete(object: KubeObject | undefined): string | undefined {
  if (!object) return 'absent'
  const { spec, status = {}, metadata } = object
  const counts = [status.updatedReplicas ?? 0, status.replicas ?? 0, status.availableReplicas ?? 0]
  const complete =
    status.observedGeneration === metadata.generation && counts.every((count) => count === spec.replicas)
  return complete
    ? undefined
    : `updated/all/available ${counts.join('/')} of ${spec.replicas}, generation ${status.observedGeneration} of ${metadata.generation}`
}
