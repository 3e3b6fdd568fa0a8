/** The parts of the stack that the demo acts on, found through the API. */
import { DevenvError } from '../lib/errors.ts'
import type { KubeClient } from '../lib/kube/client.ts'
import type { KubeObject } from '../lib/kube/object.ts'
import type { RunRecord } from '../lib/record.ts'
import { chooseQueues, type TaskQueue } from '../load/queues.ts'
import { findWorkers, SCALED_OBJECTS, type Worker } from '../load/workers.ts'
import { findRollout } from '../rollout/find.ts'

export { SCALED_OBJECTS } from '../load/workers.ts'
export const DEPLOYMENTS = 'apps/v1/deployments'

export interface Stack {
  namespace: string
  /** Every queue with its worker. */
  workers: readonly Worker[]
  /** The queue that the demo fills, its worker's Deployment and ScaledObject. */
  queue: TaskQueue
  worker: string
  scaledObject: string
  /** Name of the Rollout of core-api. */
  rollout: string
  /** Argo CD's Application and its namespace. */
  application: { name: string; namespace: string }
}

/** Throws STEP_FAILED when there is no autoscaled worker, USAGE when there is no Rollout. */
export async function findStack(
  kube: KubeClient,
  record: RunRecord,
  queueName: string,
): Promise<{ stack: Stack; scaledObject: KubeObject }> {
  const { namespace, release } = record
  const workers = await findWorkers(kube, namespace, chooseQueues('all'))
  const [queue] = chooseQueues(queueName)
  const worker = workers.find((one) => one.queue.name === queue?.name)
  if (!queue || !worker) {
    throw new DevenvError('STEP_FAILED', `no ScaledObject in ${namespace} scales by ${queueName}`, {
      fix: 'npm run status shows what there is; npm run up brings the stack up.',
    })
  }
  const scaledObject = (await kube.list(SCALED_OBJECTS, { namespace })).items.find(
    ({ spec }) => spec.scaleTargetRef.name === worker.deployment,
  )!
  const rollout = await findRollout(kube, { namespace, release }, 'core-api')
  return {
    scaledObject,
    stack: {
      namespace,
      workers,
      queue,
      worker: worker.deployment,
      scaledObject: scaledObject.metadata.name,
      rollout: rollout.metadata.name,
      application: { name: release, namespace: record.argocd ?? 'argocd' },
    },
  }
}
