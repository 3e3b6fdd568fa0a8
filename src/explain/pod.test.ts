import { expect, test } from 'vitest'
import type { KubeObject } from '../lib/kube/object.ts'
import type { Snapshot } from './snapshot.ts'
import { before, object, pod, RELEASE, told } from './testing.ts'

const NAME = `${RELEASE}-web-1`

function web(status: object, parts: Partial<Snapshot> = {}, more: Partial<KubeObject> = {}): string[] {
  return told('pod/web-1', { pods: [pod('web-1', false, { ...more, status })], ...parts })
}

function event(reason: string, message: string, seconds = 3): KubeObject {
  const involvedObject = { kind: 'Pod', name: NAME, namespace: 'team1-ns' }
  return object('Event', reason, { reason, message, lastTimestamp: before(seconds), involvedObject })
}

test('unschedulable', () => {
  const message = '0/1 nodes are available: 1 Insufficient cpu.'
  const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }]
  expect(web({ conditions, containerStatuses: [] })).toMatchInlineSnapshot(`
    [
      "scheduled: No node takes it: 0/1 nodes are available: 1 Insufficient cpu.",
      "ready: The pod is not Ready.",
      "next: When a node has room or its taints and labels fit, the scheduler places it at once.",
      "trap unschedulable: No node takes pod team1-project-web-1: 0/1 nodes are available: 1 Insufficient cpu.",
    ]
  `)
})

test('a node under pressure: its condition, not only the taint that the scheduler tells', () => {
  const condition = { type: 'DiskPressure', status: 'True', message: 'kubelet has disk pressure' }
  const nodes = [object('Node', 'n', { metadata: { name: 'node-1' }, status: { conditions: [condition] } })]
  const message = '0/1 nodes are available: 1 node(s) had untolerated taint(s).'
  const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }]
  expect(web({ conditions, containerStatuses: [] }, { nodes })).toMatchInlineSnapshot(`
    [
      "scheduled: No node takes it: node node-1 has DiskPressure (kubelet has disk pressure); 0/1 nodes are available: 1 node(s) had untolerated taint(s).",
      "ready: The pod is not Ready.",
      "next: When a node has room or the node is no longer under pressure, the scheduler places it at once.",
      "trap node-pressure: Node node-1 has DiskPressure (kubelet has disk pressure): it takes no pods and evicts those that it has.",
    ]
  `)
  const evicted = {
    phase: 'Failed',
    reason: 'Evicted',
    message: 'The node was low on resource: ephemeral-storage. ',
  }
  const lines = web({ ...evicted, conditions: [], containerStatuses: [] }, { nodes })
  expect(lines[0]).toBe('scheduled: Node node-1 evicted it: The node was low on resource: ephemeral-storage.')
  expect(lines.at(-1)).toMatch(/^trap node-pressure: Node node-1 has DiskPressure/)
})

test('a crash loop: how often, how long yet, and its own last words', () => {
  const lastState = { terminated: { reason: 'Error', exitCode: 1, finishedAt: before(15) } }
  const state = {
    waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s restarting failed container=web' },
  }
  const containerStatuses = [{ name: 'web', ready: false, restartCount: 3, state, lastState }]
  const lastWords = { [`${NAME}/web`]: 'QUEUE is missing' }
  expect(web({ containerStatuses }, { lastWords })).toMatchInlineSnapshot(`
    [
      "scheduled: It is on node node-1.",
      "container: Container web has ended 4 times, last with Error, code 1; it waits 40 s between starts.",
      "log: Container web logged last: QUEUE is missing",
      "ready: The pod is not Ready since 30 s.",
      "next: In 25 s it is started again.",
      "trap crash-loop: Container web ends soon after each start (code 1); each wait is twice the last, up to 5 min.",
    ]
  `)
})

test('a readiness probe that fails', () => {
  const readinessProbe = { httpGet: { path: '/health', port: 8000 }, periodSeconds: 5 }
  const failed = event('Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 503')
  expect(
    web({}, { events: [failed] }, { spec: { containers: [{ name: 'web', readinessProbe }] } }),
  ).toMatchInlineSnapshot(`
    [
      "scheduled: It is on node node-1.",
      "container: Container web runs and is not ready.",
      "probe: Its readiness probe asks GET /health on port 8000 every 5 s; 1 success makes it ready, 3 failures unready. Last: Readiness probe failed: HTTP probe failed with statuscode: 503.",
      "ready: The pod is not Ready since 30 s.",
      "next: At the next look of its probe, within 5 s.",
    ]
  `)
})

test('a start that takes its time', () => {
  const probe = (periodSeconds: number) => ({ httpGet: { path: '/health', port: 8000 }, periodSeconds })
  const failed = event('Unhealthy', 'Startup probe failed: HTTP probe failed with statuscode: 503')
  const told = web(
    { containerStatuses: [{ name: 'web', restartCount: 0, started: false, state: { running: {} } }] },
    { events: [failed] },
    { spec: { containers: [{ name: 'web', startupProbe: probe(1), readinessProbe: probe(5) }] } },
  )
  expect(told).toContain(
    'probe: Its startup probe asks GET /health on port 8000 every 1 s; 1 success ends the start, 3 failures restart it. Last: Startup probe failed: HTTP probe failed with statuscode: 503.',
  )
  expect(told).toContain('next: At the next look of its probe, within 1 s.')
})

test('a probe that fails again and again is the cause', () => {
  const failed = {
    ...event('Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 404'),
    count: 3,
  }
  const told = web(
    { containerStatuses: [{ name: 'web', restartCount: 0, ready: false, state: { running: {} } }] },
    { events: [failed] },
  )
  expect(told.at(-1)).toBe(
    'trap probe-fails: Pod team1-project-web-1 runs, but its probe fails: Readiness probe failed: HTTP probe failed with statuscode: 404.',
  )
})

const waiting = (reason: string, message: string) => ({
  containerStatuses: [
    { name: 'web', image: 'x:1', restartCount: 0, state: { waiting: { reason, message } } },
  ],
})
const ended = (reason: string, exitCode: number) => ({
  containerStatuses: [
    {
      name: 'web',
      restartCount: 2,
      state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 10s' } },
      lastState: { terminated: { reason, exitCode } },
    },
  ],
})

test.each<[string, object, KubeObject[]]>([
  ['image-pull', waiting('ErrImagePull', 'manifest unknown'), []],
  ['image-unmapped', waiting('ImagePullBackOff', 'no program is mapped to this image'), []],
  ['missing-config', waiting('CreateContainerConfigError', 'secret "core-api-secrets" not found'), []],
  ['out-of-memory', ended('OOMKilled', 137), []],
  ['ends-by-itself', ended('Completed', 0), []],
  ['crash-loop', ended('Error', 3), []],
  ['liveness-kills', {}, [event('Killing', 'Container web failed liveness probe, will be restarted')]],
  ['failed-mount', waiting('ContainerCreating', ''), [event('FailedMount', 'configmap "c" not found')]],
])('recognises %s', (code, status, events) => {
  expect(web(status, { events }).at(-1)).toMatch(new RegExp(`^trap ${code}: `))
})

test('pull policy Always is the cause that people forget', () => {
  const spec = { containers: [{ name: 'web', imagePullPolicy: 'Always' }] }
  expect(web(waiting('ErrImagePull', 'connection refused'), {}, { spec }).at(-1)).toMatch(
    /^trap pull-policy-always: /,
  )
})

test('a ready pod has nothing to mend', () => {
  expect(told('web-1', { pods: [pod('web-1', true)] })).toMatchInlineSnapshot(`
    [
      "scheduled: It is on node node-1.",
      "container: Container web runs and is ready.",
      "ready: The pod is Ready since 30 s.",
      "next: Nothing: it stays ready while its probes pass.",
    ]
  `)
})
