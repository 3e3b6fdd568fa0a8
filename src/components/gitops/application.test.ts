import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../lib/kube/object.ts'
import {
  failedTask,
  isApplied,
  missingApplication,
  missingSync,
  needsSync,
  retryOperation,
  sourceError,
  syncsAnother,
} from './application.ts'

const source = { repoURL: 'http://127.0.0.1:1/stack.git', path: 'production', targetRevision: 'main' }

function app(status: object, more: object = {}): KubeObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'stack', namespace: 'argocd' },
    spec: { source, syncPolicy: { syncOptions: ['CreateNamespace=true'] } },
    status,
    ...more,
  }
}
const compared = (status: string, revision = 'aaaaaaaaaa') => ({ status, revision, comparedTo: { source } })
const operated = (phase: string, revision = 'aaaaaaaaaa', message = '') => ({
  phase,
  message,
  syncResult: { revision },
})
const failed = [{ type: 'SyncError', message: 'Failed last sync attempt to [aaaaaaaaaa]: no' }]

describe('missingSync', () => {
  it('waits where Argo CD saw the Application before its project, and for no other error in its spec', () => {
    const invalid = (message: string) =>
      app({ conditions: [{ type: 'InvalidSpecError', message }] }, { spec: { source, project: 'team1' } })
    const unseen = 'Application referencing project team1 which does not exist'
    expect(missingSync(invalid(unseen), undefined)).toBe('Argo CD has not seen its project yet')
    expect(() => missingSync(invalid('Namespace for stack is missing'), undefined)).toThrow(
      /InvalidSpecError/,
    )
    expect(() => missingSync(invalid(unseen.replace('team1', 'other')), undefined)).toThrow(
      /InvalidSpecError/,
    )
  })

  it('is content once the revision has been applied', () => {
    const status = { sync: compared('OutOfSync'), operationState: operated('Succeeded') }
    expect(missingSync(app(status), 'aaaaaaaaaa')).toBeUndefined()
  })

  it('is content with a commit that changes nothing, which Argo CD does not sync', () => {
    const status = { sync: compared('Synced', 'bbbbbbbbbb'), operationState: operated('Succeeded') }
    expect(missingSync(app(status), 'bbbbbbbbbb')).toBeUndefined()
    expect(missingSync(app({ ...status, sync: compared('OutOfSync') }), 'bbbbbbbbbb')).toContain('is wanted')
  })

  it('waits for the commit that is wanted', () => {
    const status = { sync: compared('Synced'), operationState: operated('Succeeded') }
    expect(missingSync(app(status), 'bbbbbbbbbb')).toBe('revision aaaaaaa is known, bbbbbbb is wanted')
  })

  it('gives up with Argo CD’s words when a revision failed for good', () => {
    const status = { sync: compared('OutOfSync'), operationState: operated('Failed'), conditions: failed }
    expect(() => missingSync(app(status), undefined)).toThrow(/SyncError: Failed last sync attempt/)
  })

  it('does not hold against a new source or a new try what an earlier one did', () => {
    const status = { sync: compared('OutOfSync'), operationState: operated('Failed'), conditions: failed }
    const moved = app(status)
    moved.spec = { ...moved.spec, source: { ...source, path: 'elsewhere' } }
    expect(missingSync(moved, undefined)).toBe('Argo CD has not compared it yet')
    expect(missingSync(app(status, { operation: { sync: {} } }), undefined)).toBe('the sync to begin')
  })

  it.each([
    [
      'networking.istio.io/DestinationRule',
      'The Kubernetes API could not find networking.istio.io/DestinationRule for requested resource a/b.',
    ],
    [
      'networking.istio.io/v1',
      'failed to discover server resources for group version networking.istio.io/v1: the server could not find the requested resource',
    ],
  ])('names %s, which nobody defined, and what to do', (what, text) => {
    const status = { sync: compared('OutOfSync'), operationState: operated('Running', 'aaaaaaaaaa', text) }
    try {
      missingSync(app(status, { operation: { sync: {} } }), undefined)
      expect.unreachable()
    } catch (thrown) {
      expect(thrown).toMatchObject({
        code: 'STEP_FAILED',
        message: `Application stack: the cluster does not serve ${what}`,
        fix: expect.stringContaining('group networking.istio.io'),
      })
    }
  })
})

it('syncsAnother knows a sync that is in the way', () => {
  const running = app({ sync: compared('OutOfSync'), operationState: operated('Running') }, { operation: {} })
  expect(syncsAnother(running, 'bbbbbbbbbb')).toBe(true)
  expect(syncsAnother(running, 'aaaaaaaaaa')).toBe(false)
  expect(syncsAnother(running, undefined)).toBe(false)
})

it('missingApplication names the first thing that differs', () => {
  const resources = [
    { kind: 'Service', name: 'a', status: 'Synced' },
    { kind: 'Deployment', name: 'b', status: 'OutOfSync' },
  ]
  const status = { sync: compared('OutOfSync'), operationState: operated('Succeeded'), resources }
  expect(missingApplication(app(status))).toBe('OutOfSync: Deployment b')
  const synced = {
    sync: compared('Synced'),
    operationState: operated('Succeeded'),
    health: { status: 'Suspended' },
  }
  expect(missingApplication(app(synced))).toBeUndefined()
  const degraded = app({ ...synced, health: { status: 'Degraded' } })
  expect(missingApplication(degraded)).toBe('synced, health Degraded')
  const aborted = { ...degraded, kind: 'Rollout', status: { phase: 'Degraded', abort: true } }
  expect(missingApplication(degraded, [aborted])).toBeUndefined()
})

it('retryOperation is a sync by hand of the revision that failed, and nothing otherwise', () => {
  const status = { sync: compared('OutOfSync'), operationState: operated('Failed'), conditions: failed }
  expect(retryOperation(app(status))).toEqual({
    initiatedBy: { username: 'devenv' },
    sync: {
      revision: 'aaaaaaaaaa',
      prune: true,
      syncStrategy: { hook: {} },
      syncOptions: ['CreateNamespace=true'],
    },
  })
  expect(retryOperation(app({ sync: compared('OutOfSync') }))).toBeUndefined()
})

describe('sourceError', () => {
  const comparison = (message: string) => app({ conditions: [{ type: 'ComparisonError', message }] })

  it('is what the source says of itself, not a server that has yet to start', () => {
    expect(sourceError(comparison('failed to list refs: repository not found'))).toMatch(/not found/)
    expect(sourceError(comparison('helm template failed: parse error at (a.yaml:1)'))).toMatch(/parse error/)
    for (const early of [
      'rpc error: code = Unavailable desc = connection error',
      'dial tcp 10.43.1.2:9418: connect: connection refused',
      'dial tcp: lookup git.devenv.svc.cluster.local: no such host',
    ])
      expect(sourceError(comparison(early))).toBeUndefined()
    expect(sourceError(app({}))).toBeUndefined()
  })
})

it('has a sync asked for where only hooks changed since one that failed', () => {
  const at = (phase: string, revision: string, more: object = {}) =>
    app({ sync: compared('Synced'), operationState: { phase, syncResult: { revision } } }, more)
  const wanted = 'aaaaaaaaaa'
  expect(needsSync(at('Failed', 'earlier'), wanted)).toBe(true)
  expect(needsSync(at('Failed', wanted), wanted)).toBe(false)
  expect(needsSync(at('Running', 'earlier'), wanted)).toBe(false)
  expect(needsSync(at('Succeeded', 'earlier'), wanted)).toBe(false)
  expect(needsSync(at('Failed', 'earlier', { operation: {} }), wanted)).toBe(false)
  expect(needsSync(at('Failed', 'earlier'), 'another')).toBe(false)
})

describe('failedTask', () => {
  const app = (retryCount: number, resources: object[]): KubeObject => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'a', namespace: 'argocd' },
    status: { operationState: { phase: 'Running', retryCount, syncResult: { revision: 'r', resources } } },
  })
  const hook = { kind: 'Job', name: 'migrate', hookType: 'PreSync', hookPhase: 'Failed', message: 'limit' }

  it('names the hook that fails again and again', () => {
    const fine = { kind: 'ConfigMap', name: 'c', status: 'Synced', hookPhase: 'Running' }
    expect(failedTask(app(2, [fine, hook]), 'r')).toEqual({
      kind: 'PreSync Job',
      name: 'migrate',
      message: 'limit',
      attempts: 2,
    })
  })

  it('gives it a second attempt, and says nothing of another revision', () => {
    expect(failedTask(app(1, [hook]), 'r')).toBeUndefined()
    expect(failedTask(app(2, [hook]), 'other')).toBeUndefined()
    expect(failedTask(app(2, []), 'r')).toBeUndefined()
  })
})

it('counts as applied what the running sync of the wanted revision has reached', () => {
  const object = (kind: string, name: string) => ({ apiVersion: 'v1', kind, metadata: { name } })
  const app = (more: object): KubeObject => ({ ...object('Application', 'a'), status: more })
  const resources = [{ kind: 'Deployment', name: 'first' }]
  const running = app({ operationState: { phase: 'Running', syncResult: { revision: 'r', resources } } })
  expect(isApplied(running, object('Deployment', 'first'), 'r')).toBe(true)
  expect(isApplied(running, object('Deployment', 'second'), 'r')).toBe(false)
  expect(isApplied(running, object('Deployment', 'first'), 'next')).toBe(false)
  const through = app({ operationState: { phase: 'Succeeded', syncResult: { revision: 'r' } } })
  expect(isApplied(through, object('Deployment', 'second'), 'r')).toBe(true)
  expect(isApplied(through, object('Deployment', 'second'), 'next')).toBe(false)
  const same = app({ sync: { status: 'Synced', revision: 'next' }, operationState: { phase: 'Succeeded' } })
  expect(isApplied(same, object('Deployment', 'second'), 'next')).toBe(true)
})
