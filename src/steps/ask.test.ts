import { afterEach, beforeEach, expect, it } from 'vitest'
import { LiveObjects } from '../lib/kube/live.ts'
import { FakeApi } from '../lib/kube/testing/fake-api.ts'
import { waitFor } from '../lib/wait.ts'
import { askForLook, askForStart } from './ask.ts'
import type { Running } from './context.ts'
import { APPLICATIONS } from './ready.ts'

let api: FakeApi
let live: LiveObjects
beforeEach(async () => {
  api = await FakeApi.start()
  live = new LiveObjects(api.client())
})
afterEach(async () => {
  live[Symbol.dispose]()
  await api[Symbol.asyncDispose]()
})

function application(message?: string): void {
  api.put(APPLICATIONS, {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'app', namespace: 'argocd' },
    spec: { project: 'team1' },
    status: { conditions: message ? [{ type: 'InvalidSpecError', message }] : [] },
  })
}

const patches = () => api.requests.filter(({ method }) => method === 'PATCH')

it('has Argo CD look again where it saw the Application before its project, until the wait is over', async () => {
  application('Namespace for stack is missing')
  const environment = { release: 'app', prerequisites: { appProject: { namespace: 'argocd' } } }
  const context = { plan: { environment }, kube: api.client(), live } as unknown as Running
  const waited = new AbortController()
  const asking = askForLook(context, waited.signal)
  application('Application referencing project team1 which does not exist')
  await waitFor('a request', () => (patches().length > 0 ? { done: true } : { waiting: 'no request yet' }), {
    timeoutMs: 5_000,
    intervalMs: 10,
  })
  application()
  waited.abort()
  // Amid a request or between two: it ends.
  await expect(asking).rejects.toBeInstanceOf(Error)
  expect(patches()).toHaveLength(1)
  expect(JSON.parse(patches()[0]!.body)).toEqual({
    metadata: { annotations: { 'argocd.argoproj.io/refresh': 'normal' } },
  })
})

it('has the kubelet try a pod again that had no Secret yet, and no other', async () => {
  const pod = (name: string, reason: string) =>
    api.put('v1/pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'stack' },
      status: { containerStatuses: [{ name: 'main', state: { waiting: { reason } } }] },
    })
  pod('frontend', 'ContainerCreating')
  pod('broker', 'CreateContainerConfigError')
  const plan = { environment: { namespace: 'stack' }, extras: [] }
  const context = { plan, kube: api.client(), live } as unknown as Running
  const waited = new AbortController()
  const asking = askForStart(context, waited.signal)
  await waitFor('a request', () => (patches().length > 0 ? { done: true } : { waiting: 'no request yet' }), {
    timeoutMs: 5_000,
    intervalMs: 10,
  })
  waited.abort()
  // Amid a request or between two: it ends.
  await expect(asking).rejects.toBeInstanceOf(Error)
  expect(patches().map(({ url }) => url)).toEqual([
    expect.stringMatching('^/api/v1/namespaces/stack/pods/broker[?]'),
  ])
})
