import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../lib/kube/object.ts'
import { lastEventOf } from './events.ts'
import { hopelessJob, hopelessWorkload, throwIfHopeless } from './hopeless.ts'
import { podsUnsettled } from './pods.ts'

const NOW = Date.parse('2026-01-01T00:01:00Z')

function pod(
  status: { reason: string; message?: string; restartCount?: number } | undefined,
  scheduled: object = { status: 'True', lastTransitionTime: '2026-01-01T00:00:50Z' },
): KubeObject {
  const { reason, message, restartCount = 0 } = status ?? {}
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'n', uid: 'u' },
    status: {
      conditions: [{ type: 'PodScheduled', ...scheduled }],
      containerStatuses: [{ name: 'c', restartCount, state: { waiting: { reason, message } } }],
    },
  }
}

describe('throwIfHopeless', () => {
  it('ends at once for an image that the registry does not have or does not give', () => {
    for (const message of [
      'failed to resolve reference "docker.io/x:1": docker.io/x:1: not found',
      'pull access denied, repository does not exist or may require authorization',
      'no program stands in for "x:1": see devenv/images.yaml',
    ])
      expect(() =>
        throwIfHopeless([pod({ reason: 'ErrImagePull', message })], { now: NOW, since: 0 }),
      ).toThrow(message)
  })

  it('says what mends a registry that is not trusted, and one that wants a login', () => {
    const refusal = (message: string) => () =>
      throwIfHopeless([pod({ reason: 'ErrImagePull', message })], { now: NOW, since: 0 })
    expect(
      refusal('tls: failed to verify certificate: x509: certificate signed by unknown authority'),
    ).toThrow(expect.objectContaining({ fix: expect.stringContaining('NODE_EXTRA_CA_CERTS') }))
    expect(refusal('unexpected status from HEAD request: 401 Unauthorized')).toThrow(
      expect.objectContaining({ fix: expect.stringContaining('--images team') }),
    )
  })

  it('gives a slow network time, but not for ever', () => {
    const slow = { reason: 'ImagePullBackOff', message: 'Back-off pulling image: i/o timeout' }
    expect(() => throwIfHopeless([pod(slow)], { now: NOW, since: 0 })).not.toThrow()
    expect(() => throwIfHopeless([pod(slow)], { now: NOW + 150_000, since: 0 })).toThrow(/i\/o timeout/)
  })

  it('ends within 20 s for a pod that no node can run', () => {
    const unschedulable = {
      status: 'False',
      reason: 'Unschedulable',
      message: '0/1 nodes are available: 1 Insufficient memory.',
      lastTransitionTime: '2026-01-01T00:00:50Z',
    }
    const look = (now: number, since: number) =>
      throwIfHopeless([pod(undefined, unschedulable)], { now, since })
    expect(() => look(NOW, 0)).not.toThrow()
    expect(() => look(NOW + 10_000, 0)).toThrow(/Insufficient memory/)
    // A node may have come since the `up` before this one failed.
    expect(() => look(NOW + 10_000, NOW)).not.toThrow()
    expect(() => look(NOW + 20_000, NOW)).toThrow(/Insufficient memory/)
  })

  it('waits for a node to lose its taints, and for a claim to get its volume', () => {
    const condition = (message: string) => ({
      status: 'False',
      reason: 'Unschedulable',
      message,
      lastTransitionTime: '2026-01-01T00:00:50Z',
    })
    const tainted = pod(undefined, condition('0/1 nodes are available: 1 node(s) had untolerated taint(s).'))
    expect(() => throwIfHopeless([tainted], { now: NOW + 60_000, since: 0 })).not.toThrow()
    expect(() => throwIfHopeless([tainted], { now: NOW + 120_000, since: 0 })).toThrow(/taint/)
    const unbound = pod(undefined, condition('pod has unbound immediate PersistentVolumeClaims'))
    unbound.spec = { volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'data' } }] }
    const claim: KubeObject = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data', namespace: 'n', uid: 'claim' },
      status: { phase: 'Pending' },
    }
    const refused = event('Warning', 'ProvisioningFailed', '2026-01-01T00:00:51Z', 'claim')
    const look = (now: number, events: KubeObject[]) =>
      throwIfHopeless([unbound], { now, since: 0, claims: [claim], events })
    expect(() => look(NOW + 10_000, [])).not.toThrow()
    expect(() => look(NOW + 60_000, [])).toThrow(/PersistentVolumeClaim data is Pending/)
    expect(() => look(NOW + 10_000, [refused])).toThrow(/data is Pending: ProvisioningFailed: because/)
  })

  it('ends for a program that crashes over and over, not for its first crashes', () => {
    const crash = (restartCount: number) => pod({ reason: 'CrashLoopBackOff', restartCount })
    expect(() => throwIfHopeless([crash(3)], { now: NOW, since: 0 })).not.toThrow()
    expect(() => throwIfHopeless([crash(4)], { now: NOW, since: 0 })).toThrow(/crashes/)
  })

  it('ends sooner for one that began when everything else was there, and crashed all the same', () => {
    const crash = pod({ reason: 'CrashLoopBackOff', restartCount: 2 })
    crash.status.containerStatuses[0].lastState = {
      terminated: { exitCode: 3, startedAt: '2026-01-01T00:00:40Z' },
    }
    const look = (settledAt: string | undefined) =>
      throwIfHopeless([crash], {
        now: NOW,
        since: 0,
        ...(settledAt ? { settledAt: Date.parse(settledAt) } : {}),
      })
    expect(() => look(undefined)).not.toThrow()
    expect(() => look('2026-01-01T00:00:45Z')).not.toThrow()
    expect(() => look('2026-01-01T00:00:30Z')).toThrow('container c crashes (exit code 3, 2 restarts)')
  })

  it.each(['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError'])(
    'gives %s some seconds, and longer for a Secret that is on its way',
    (reason) => {
      const missing = pod({ reason, message: 'secret "s" not found' })
      const look = (now: number, awaited: boolean) =>
        throwIfHopeless([missing], { now, since: 0, awaited: (name) => awaited && name === 's' })
      expect(() => look(NOW, false)).not.toThrow()
      expect(() => look(NOW + 10_000, true)).not.toThrow()
      expect(() => look(NOW + 10_000, false)).toThrow(/secret "s" not found/)
    },
  )

  it('reads from its events that a volume cannot be mounted', () => {
    const creating = pod({ reason: 'ContainerCreating' })
    const failed = (message: string) => [
      { ...event('Warning', 'FailedMount', '2026-01-01T00:00:52Z'), message },
    ]
    const look = (message: string, awaited = false) =>
      throwIfHopeless([creating], {
        now: NOW + 10_000,
        since: 0,
        events: failed(message),
        awaited: () => awaited,
      })
    const message = 'MountVolume.SetUp failed for volume "s" : secret "no-such" not found'
    expect(() => look(message)).toThrow(/no-such/)
    expect(() => look(message, true)).not.toThrow()
    expect(() => look('timed out waiting for the condition')).not.toThrow()
  })
})

describe('hopelessWorkload', () => {
  const deployment = (type: string, status: string, more: object = {}): KubeObject => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'd', namespace: 'n', generation: 2 },
    status: {
      observedGeneration: 2,
      conditions: [{ type, status, reason: 'R', message: 'M', lastTransitionTime: '2026-01-01T00:00:50Z' }],
      ...more,
    },
  })
  const look = (owner: KubeObject, now = NOW + 10_000) => hopelessWorkload(owner, now, 0)

  it('tells pods that cannot be made, and a deadline that has passed', () => {
    expect(look(deployment('ReplicaFailure', 'True'))?.message).toBe('Deployment d: R: M')
    expect(look(deployment('Progressing', 'False'))?.about).toEqual({
      kind: 'Deployment',
      namespace: 'n',
      name: 'd',
    })
  })

  it('gives a quota or an account some seconds to come, and judges nothing that was not read yet', () => {
    expect(look(deployment('ReplicaFailure', 'True'), NOW)).toBeUndefined()
    expect(look(deployment('ReplicaFailure', 'True', { observedGeneration: 1 }))).toBeUndefined()
    expect(look(deployment('Progressing', 'True'))).toBeUndefined()
  })
})

it('takes no program for settled that has only just begun, again or without a probe', () => {
  const running = (restartCount: number, readinessProbe?: object): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'c', ...(readinessProbe ? { readinessProbe } : {}) }] },
    status: {
      containerStatuses: [
        {
          name: 'c',
          restartCount,
          state: { running: { startedAt: '2026-01-01T00:00:59Z' } },
          lastState: restartCount > 0 ? { terminated: { exitCode: 3 } } : {},
        },
      ],
    },
  })
  expect(podsUnsettled([running(0)], NOW)).toMatch(/has just begun/)
  expect(podsUnsettled([running(0)], NOW + 1000)).toBeUndefined()
  expect(podsUnsettled([running(0, {})], NOW)).toBeUndefined()
  expect(podsUnsettled([running(2, {})], NOW + 8000)).toMatch(/begun again after exit code 3/)
  expect(podsUnsettled([running(2, {})], NOW + 9000)).toBeUndefined()
})

function event(type: string, reason: string, at: string, uid = 'u'): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: reason },
    type,
    reason,
    message: 'because',
    lastTimestamp: at,
    involvedObject: { uid },
  }
}

it('prefers the latest warning among the events of an object', () => {
  const events = [
    event('Warning', 'Old', '2026-01-01T00:00:01Z'),
    event('Warning', 'FailedScheduling', '2026-01-01T00:00:02Z'),
    event('Normal', 'Later', '2026-01-01T00:00:03Z'),
    event('Warning', 'Other', '2026-01-01T00:00:09Z', 'v'),
  ]
  expect(lastEventOf([pod(undefined)], events)).toBe('FailedScheduling: because')
  expect(lastEventOf([pod(undefined)], [])).toBeUndefined()
})

it('tells of a Job that has failed, about its last pod; one of a hook is tried again', () => {
  const job = (annotations: Record<string, string> = {}): KubeObject => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'j', namespace: 'n', annotations },
    status: {
      conditions: [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded', message: 'M' }],
    },
  })
  const ofJob = (name: string, creationTimestamp: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'n',
      creationTimestamp,
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'j', uid: 'j' }],
    },
  })
  const pods = [ofJob('first', '2026-01-01T00:00:00Z'), ofJob('last', '2026-01-01T00:00:09Z'), pod(undefined)]
  expect(hopelessJob(job(), pods)).toMatchObject({
    message: 'Job j: BackoffLimitExceeded: M',
    about: { kind: 'Pod', namespace: 'n', name: 'last' },
  })
  expect(hopelessJob(job({ 'argocd.argoproj.io/hook': 'PreSync' }), pods)).toBeUndefined()
})
