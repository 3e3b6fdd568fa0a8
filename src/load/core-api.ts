/** The stack's front door: how core-api is reached, and which path leads to which queue. */
import type { KubeClient } from '../lib/kube/client.ts'
import { forwardService } from '../lib/kube/portforward.ts'
import type { RunRecord } from '../lib/record.ts'
import type { TaskQueue } from './queues.ts'

const PORT = 8000

const PATHS: Record<TaskQueue['alias'], string> = {
  'job-descr': '/job-description/generate',
  question: '/questions/generate',
  resume: '/resume/evaluation',
}

export function coreApiPath(queue: TaskQueue): string {
  return PATHS[queue.alias]
}

/** By its endpoint in the record, or through the API server where the record has none. */
export async function reachCoreApi(
  record: RunRecord,
  client: KubeClient,
): Promise<AsyncDisposable & { url: string }> {
  const { endpoints, namespace, release } = record
  if (endpoints.coreApi)
    return { url: endpoints.coreApi.replace(/\/$/, ''), async [Symbol.asyncDispose]() {} }
  const forward = await forwardService(client, namespace, `${release}-core-api`, PORT)
  return {
    url: `http://${forward.host}:${forward.port}`,
    [Symbol.asyncDispose]: () => forward[Symbol.asyncDispose](),
  }
}
