import { expect, test } from 'vitest'
import type { LiveObjects, LiveProbe } from '../../lib/kube/live.ts'
import type { KubeObject } from '../../lib/kube/object.ts'
import { ServerClock } from '../../lib/kube/server-clock.ts'
import { untilWorkloads } from './workloads.ts'

/** What the wait says of one look at these objects; `done` when it waits for nothing. */
async function oneLook(objects: Record<string, KubeObject[]>): Promise<string> {
  let said = 'done'
  const list = (resource: string) => objects[resource] ?? []
  const live = {
    list,
    serverClock: new ServerClock(),
    get: (resource: string) => list(resource)[0],
    until: async (probe: LiveProbe<void>) => {
      const found = probe()
      if ('waiting' in found) said = found.waiting
    },
  } as unknown as LiveObjects
  const workload = { kind: 'Deployment', namespace: 'argocd', name: 'server' }
  await untilWorkloads(live, [workload], { signal: new AbortController().signal, waiting: () => undefined })
  return said
}

const matchLabels = { app: 'server' }
const available: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'server', namespace: 'argocd', generation: 1 },
  spec: { replicas: 1, selector: { matchLabels } },
  status: { observedGeneration: 1, updatedReplicas: 1, availableReplicas: 1 },
}

function pod(restartCount: number): KubeObject {
  const status = {
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [
      {
        name: 'server',
        restartCount,
        state: { running: { startedAt: new Date().toISOString() } },
        lastState: { terminated: { exitCode: 20 } },
      },
    ],
  }
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'server-1', labels: matchLabels }, status }
}

test('an available Deployment is waited for while its program crashes again and again', async () => {
  const look = (restarts: number) =>
    oneLook({ 'apps/v1/deployments': [available], 'v1/pods': [pod(restarts)] })
  expect(await look(0)).toBe('done')
  expect(await look(3)).toBe(
    'Deployment argocd/server: pod server-1: container server crashed 3 times (exit code 20)',
  )
})
