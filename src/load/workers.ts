/** Follows the replicas of the workers behind the queues through the Kubernetes API. */
import type { KubeClient } from '../lib/kube/client.ts'
import type { KubeObject } from '../lib/kube/object.ts'
import type { TaskQueue } from './queues.ts'
import type { Replicas } from './replicas.ts'

/** The Deployment that works a queue off. */
export interface Worker {
  queue: TaskQueue
  deployment: string
  /** Where its autoscaler leaves it without work. */
  floor: number
}

const DEPLOYMENTS = 'apps/v1/deployments'
export const SCALED_OBJECTS = 'keda.sh/v1alpha1/scaledobjects'

/** Workers by their ScaledObjects: whose rabbitmq trigger names the queue. A queue without one has no worker here. */
export async function findWorkers(
  client: KubeClient,
  namespace: string,
  queues: readonly TaskQueue[],
): Promise<Worker[]> {
  const scaledObjects = await client.listIfServed(SCALED_OBJECTS, { namespace })
  return queues.flatMap((queue) => {
    const scaledObject = scaledObjects.find((candidate) =>
      candidate.spec?.triggers?.some((trigger: any) => trigger.metadata?.queueName === queue.name),
    )
    if (!scaledObject) return []
    return [
      {
        queue,
        deployment: scaledObject.spec.scaleTargetRef.name as string,
        floor: (scaledObject.spec.minReplicaCount as number | undefined) ?? 0,
      },
    ]
  })
}

/** Tells every change of the workers' replicas until the signal aborts. */
export async function followWorkers(
  client: KubeClient,
  namespace: string,
  workers: readonly Worker[],
  changed: (worker: Worker, replicas: Replicas) => void,
  signal: AbortSignal,
): Promise<void> {
  for await (const { type, object } of client.watch(DEPLOYMENTS, { namespace, signal })) {
    const worker = workers.find(({ deployment }) => deployment === object.metadata.name)
    if (worker)
      changed(worker, type === 'DELETED' ? { desired: 0, ready: 0, current: 0 } : replicasOf(object))
  }
}

function replicasOf(deployment: KubeObject): Replicas {
  return {
    desired: deployment.spec?.replicas ?? 1,
    ready: deployment.status?.readyReplicas ?? 0,
    current: deployment.status?.replicas ?? 0,
  }
}
