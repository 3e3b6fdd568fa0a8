import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../lib/kube/object.ts'
import { lastEventOf } from './events.ts'
import { throwIfHopeless } from './pods.ts'

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
      expect(() => throwIfHopeless([pod({ reason: 'ErrImagePull', message })], NOW)).toThrow(message)
  })

  it('says what mends a registry that is not trusted, and one that wants a login', () => {
    const refusal = (message: string) => () =>
      throwIfHopeless([pod({ reason: 'ErrImagePull', message })], NOW)
    expect(
      refusal('tls: failed to verify certificate: x509: certificate signed by unknown authority'),
    ).toThrow(expect.objectContaining({ fix: expect.stringContaining('NODE_EXTRA_CA_CERTS') }))
    expect(refusal('unexpected status from HEAD request: 401 Unauthorized')).toThrow(
      expect.objectContaining({ fix: expect.stringContaining('--images team') }),
    )
  })

  it('gives a slow network time, but not for ever', () => {
    const slow = { reason: 'ImagePullBackOff', message: 'Back-off pulling image: i/o timeout' }
    expect(() => throwIfHopeless([pod(slow)], NOW)).not.toThrow()
    expect(() => throwIfHopeless([pod(slow)], NOW + 150_000)).toThrow(/i\/o timeout/)
  })

  it('ends within 20 s for a pod that no node can run', () => {
    const unschedulable = {
      status: 'False',
      reason: 'Unschedulable',
      message: '0/1 nodes are available: 1 Insufficient memory.',
      lastTransitionTime: '2026-01-01T00:00:50Z',
    }
    const look = (now: number, since: number) => throwIfHopeless([pod(undefined, unschedulable)], now, since)
    expect(() => look(NOW, 0)).not.toThrow()
    expect(() => look(NOW + 10_000, 0)).toThrow(/Insufficient memory/)
    // A node may have come since the `up` before this one failed.
    expect(() => look(NOW + 10_000, NOW)).not.toThrow()
    expect(() => look(NOW + 20_000, NOW)).toThrow(/Insufficient memory/)
  })

  it('ends for a program that crashes over and over, not for its first crashes', () => {
    const crash = (restartCount: number) => pod({ reason: 'CrashLoopBackOff', restartCount })
    expect(() => throwIfHopeless([crash(2)], NOW)).not.toThrow()
    expect(() => throwIfHopeless([crash(4)], NOW)).toThrow(/crashes/)
  })
})

it('prefers the latest warning among the events of an object', () => {
  const event = (type: string, reason: string, at: string, uid = 'u'): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: reason },
    type,
    reason,
    message: 'because',
    lastTimestamp: at,
    involvedObject: { uid },
  })
  const events = [
    event('Warning', 'Old', '2026-01-01T00:00:01Z'),
    event('Warning', 'FailedScheduling', '2026-01-01T00:00:02Z'),
    event('Normal', 'Later', '2026-01-01T00:00:03Z'),
    event('Warning', 'Other', '2026-01-01T00:00:09Z', 'v'),
  ]
  expect(lastEventOf([pod(undefined)], events)).toBe('FailedScheduling: because')
  expect(lastEventOf([pod(undefined)], [])).toBeUndefined()
})
