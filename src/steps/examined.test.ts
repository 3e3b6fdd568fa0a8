import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lookAt } from '../components/ready/hopeless.ts'
import { DevenvError } from '../lib/errors.ts'
import type { KubeObject } from '../lib/kube/object.ts'
import { FakeApi } from '../lib/kube/testing/fake-api.ts'
import type { RunRecord } from '../lib/record.ts'
import { examined } from './examined.ts'

let folder: string
let api: FakeApi
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'examined-'))
  api = await FakeApi.start()
})
afterEach(async () => {
  await api[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

async function record(): Promise<RunRecord> {
  const kubeconfig = join(folder, 'kubeconfig')
  const contexts = [{ name: 'c', context: { cluster: 'c' } }]
  const clusters = [{ name: 'c', cluster: { server: api.url } }]
  await writeFile(kubeconfig, JSON.stringify({ 'current-context': 'c', contexts, clusters }))
  return { namespace: 'n', release: 'app', endpoints: {}, cluster: { kubeconfig } } as unknown as RunRecord
}

const failure = new DevenvError('STEP_FAILED', 'pod p: container main crashes', {
  about: { kind: 'Pod', namespace: 'n', name: 'p' },
  fix: lookAt({ kind: 'Pod', namespace: 'n', name: 'p' }),
})

function crashed(): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'n', uid: 'p' },
    spec: { containers: [{ name: 'main' }] },
    status: {
      containerStatuses: [
        {
          name: 'main',
          restartCount: 4,
          state: { waiting: { reason: 'CrashLoopBackOff' } },
          lastState: { terminated: { exitCode: 3 } },
        },
      ],
    },
  }
}

test('a failure about a pod gets its last event, what its program logged last, and the mend', async () => {
  api.put('v1/pods', crashed())
  api.put('v1/events', {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'e', namespace: 'n' },
    type: 'Warning',
    reason: 'BackOff',
    message: 'Back-off restarting',
    involvedObject: { kind: 'Pod', name: 'p', uid: 'p' },
  })
  api.answers.set('/api/v1/namespaces/n/pods/p/log', (response, url) => {
    expect(url.searchParams.get('previous')).toBe('true')
    response.end('boom: no config\n')
  })
  const error = await examined(failure, await record(), api.client())
  expect(error.message.split('\n')).toEqual([
    'pod p: container main crashes',
    '  last event: BackOff: Back-off restarting',
    '  container main logged last:',
    '    boom: no config',
  ])
  expect(error.fix).toMatch(/Then npm run up resumes\.$/)
  expect(error).toMatchObject({ code: 'STEP_FAILED', about: { name: 'p' } })
})

test('the log of the run before is not there any more: that of the next one serves', async () => {
  api.put('v1/pods', crashed())
  const asked: (string | null)[] = []
  api.answers.set('/api/v1/namespaces/n/pods/p/log', (response, url) => {
    const previous = url.searchParams.get('previous')
    asked.push(previous)
    response.end(previous === 'true' ? 'unable to retrieve container logs for containerd://1' : 'boom\n')
  })
  const error = await examined(failure, await record(), api.client())
  expect(asked).toContain('true')
  expect(error.message).toMatch(/logged last:\n +boom$/)
})

test('a pod of a release has a way back, too', async () => {
  const pod = crashed()
  pod.metadata.labels = { 'rollouts-pod-template-hash': 'abc' }
  api.put('v1/pods', pod)
  expect((await examined(failure, await record(), api.client())).fix).toMatch(/npm run rollout -- abort/)
})

test('a failure that is about no pod, or about one that has gone, stays as it is', async () => {
  const other = new DevenvError('DEADLINE', 'not done')
  expect(await examined(other, await record(), api.client())).toBe(other)
  expect(await examined(failure, await record(), api.client())).toBe(failure)
})
