/** Deployments, ReplicaSets, Services, pods: what every cluster does. */
import { PassThrough } from 'node:stream'
import { Exec } from '@kubernetes/client-node'
import { expect } from 'vitest'
import { waitFor } from '../../../src/lib/wait.ts'
import {
  type ContractCase,
  type ContractContext,
  eventually,
  incomplete,
  PATIENCE_MS,
  webDeployment,
} from '../case.ts'

const DEPLOYMENTS = 'apps/v1/deployments'

export const workloadCases: ContractCase[] = [
  {
    name: 'a Deployment becomes available, scales through /scale and rolls out a new template',
    async run(context) {
      const { kube, namespace } = context
      await kube.create(DEPLOYMENTS, webDeployment(context, 'web', 1))
      await eventually(kube, DEPLOYMENTS, 'web', namespace, incomplete)
      await kube.patch(DEPLOYMENTS, 'web', { spec: { replicas: 3 } }, { namespace, subresource: 'scale' })
      await eventually(
        kube,
        DEPLOYMENTS,
        'web',
        namespace,
        (object) => incomplete(object) ?? (object?.spec.replicas === 3 ? undefined : 'not scaled'),
      )
      const before = (await kube.list('apps/v1/replicasets', { namespace })).items
      expect(before).toHaveLength(1)
      await kube.patch(
        DEPLOYMENTS,
        'web',
        { spec: { template: { metadata: { annotations: { round: '2' } } } } },
        { namespace, type: 'strategic' },
      )
      const after = await eventually(kube, DEPLOYMENTS, 'web', namespace, incomplete)
      expect(after.metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('2')
      const sets = (await kube.list('apps/v1/replicasets', { namespace })).items
      expect(sets.map((set) => set.spec.replicas).sort()).toEqual([0, 3])
      expect(
        after.status.conditions.map((condition: { type: string; status: string; reason: string }) => [
          condition.type,
          condition.status,
          condition.reason,
        ]),
      ).toEqual(
        expect.arrayContaining([
          ['Available', 'True', 'MinimumReplicasAvailable'],
          ['Progressing', 'True', 'NewReplicaSetAvailable'],
        ]),
      )
    },
  },
  {
    name: 'a Service finds ready pods only, by EndpointSlice',
    async run(context) {
      const { kube, namespace } = context
      await kube.create(DEPLOYMENTS, webDeployment(context, 'web', 2))
      await kube.create('v1/services', {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'web', namespace },
        spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
      })
      await eventually(kube, DEPLOYMENTS, 'web', namespace, incomplete)
      await waitFor<void>(
        'two ready endpoints',
        async () => {
          const { items: slices } = await kube.list('discovery.k8s.io/v1/endpointslices', {
            namespace,
            labelSelector: 'kubernetes.io/service-name=web',
          })
          const endpoints = slices.flatMap((slice) => slice.endpoints ?? [])
          const ready = endpoints.map(({ conditions }) => conditions.ready)
          return ready.join() === 'true,true' ? { done: undefined } : { waiting: `ready: ${ready}` }
        },
        { timeoutMs: PATIENCE_MS, intervalMs: 50 },
      )
    },
  },
  {
    name: 'an image that cannot be had is reported, and says what to do',
    async run(context) {
      const { kube, namespace } = context
      await kube.create(
        DEPLOYMENTS,
        webDeployment(context, 'nope', 1, { image: 'example.invalid/nobody/nothing:1' }),
      )
      await eventually(kube, DEPLOYMENTS, 'nope', namespace, (object) =>
        object?.status?.unavailableReplicas === 1 ? undefined : 'not counted',
      )
      const name = await podName(context, 'nope')
      const pod = await eventually(kube, 'v1/pods', name, namespace, (object) => {
        const reason = object?.status?.containerStatuses?.[0]?.state?.waiting?.reason
        return reason === 'ErrImagePull' || reason === 'ImagePullBackOff' ? undefined : `waiting: ${reason}`
      })
      expect(pod.status.phase).toBe('Pending')
    },
  },
  {
    name: 'env comes from ConfigMaps, Secrets and the pod itself',
    async run(context) {
      const { kube, namespace } = context
      await kube.create('v1/configmaps', {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'settings', namespace },
        data: { COLOR: 'green' },
      })
      await kube.create('v1/secrets', {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'keys', namespace },
        stringData: { word: 'open' },
      })
      const env = [
        { name: 'COLOR', valueFrom: { configMapKeyRef: { name: 'settings', key: 'COLOR' } } },
        { name: 'WORD', valueFrom: { secretKeyRef: { name: 'keys', key: 'word' } } },
        { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        { name: 'BOTH', value: '$(COLOR)-$(WORD)-$(MISSING)' },
      ]
      await kube.create(DEPLOYMENTS, webDeployment(context, 'env', 1, { env }))
      await eventually(kube, DEPLOYMENTS, 'env', namespace, incomplete)
      const [pod] = (await kube.list('v1/pods', { namespace, labelSelector: 'app=env' })).items
      const seen = await envOf(context, pod!.metadata.name)
      expect(seen).toEqual(
        expect.arrayContaining([
          'COLOR=green',
          'WORD=open',
          `POD=${pod!.metadata.name}`,
          'BOTH=green-open-$(MISSING)',
        ]),
      )
    },
  },
  {
    name: 'logs are served, and a crashed container is restarted with backoff',
    async run(context) {
      const { kube, namespace } = context
      const deployment = webDeployment(context, 'crash', 1, { env: [{ name: 'CRASH', value: '3' }] })
      await kube.create(DEPLOYMENTS, deployment)
      const name = await podName(context, 'crash')
      const pod = await eventually(kube, 'v1/pods', name, namespace, (object) => {
        const status = object?.status?.containerStatuses?.[0]
        return status?.restartCount >= 1 && status.state.waiting?.reason === 'CrashLoopBackOff'
          ? undefined
          : JSON.stringify(status?.state ?? {})
      })
      expect(pod.status.containerStatuses[0].lastState.terminated).toMatchObject({
        exitCode: 3,
        reason: 'Error',
      })
      const lines: string[] = []
      for await (const line of kube.logs(namespace, name, { previous: true })) lines.push(line)
      expect(lines.join('\n')).toContain('crashing with 3')
    },
  },
]

async function podName(
  { kube, namespace }: Parameters<ContractCase['run']>[0],
  app: string,
): Promise<string> {
  for (;;) {
    const [pod] = (await kube.list('v1/pods', { namespace, labelSelector: `app=${app}` })).items
    if (pod) return pod.metadata.name
  }
}

/** Lines of `env` in the pod: nothing of this machine can reach the addresses of every cluster's pods. */
async function envOf({ official, namespace }: ContractContext, pod: string): Promise<string[]> {
  const output = new PassThrough()
  const command = ['sh', '-c', 'env']
  const ended = new Promise<void>((resolve) => {
    void new Exec(official).exec(namespace, pod, 'web', command, output, null, null, false, () => {
      output.end()
      resolve()
    })
  })
  const chunks: Buffer[] = []
  for await (const chunk of output) chunks.push(chunk as Buffer)
  await ended
  return Buffer.concat(chunks).toString().split('\n')
}
