import { expect, it } from 'vitest'
import { missingRelease } from './follow.ts'

const app = (status: object) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'team1-project', namespace: 'argocd' },
  status,
})
const since = { commit: 'abc', sinceMs: Date.parse('2026-01-01T00:00:10.500Z') }
const unread = (message: string, lastTransitionTime = '2026-01-01T00:00:10Z') =>
  app({
    sync: { status: 'Unknown', revision: 'main' },
    conditions: [{ type: 'ComparisonError', message, lastTransitionTime }],
  })

it('gives up on a commit that cannot be rendered', () => {
  expect(() => missingRelease(unread('nil pointer'), since)).toThrow('the release failed: nil pointer')
})

it('gives up on a commit that is as broken as the one before, once Argo CD has looked', () => {
  const old = unread('nil pointer', '2026-01-01T00:00:00Z')
  const seen = app({ ...old.status, reconciledAt: '2026-01-01T00:00:11Z' })
  expect(() => missingRelease(seen, since)).toThrow('the release failed: nil pointer')
})

it('waits while the complaint is an older one, or the repository cannot be read, and says why', () => {
  expect(missingRelease(unread('nil pointer', '2026-01-01T00:00:09Z'), since)).toBe(
    'Argo CD to read the repository: nil pointer',
  )
  const away = 'failed to list refs: connection refused'
  expect(missingRelease(unread(away), since)).toBe(`Argo CD to read the repository: ${away}`)
})

it('is through once the commit is synced and healthy', () => {
  const operationState = { phase: 'Succeeded', syncResult: { revision: 'abc' } }
  const status = {
    sync: { status: 'Synced', revision: 'abc' },
    health: { status: 'Healthy' },
    operationState,
  }
  expect(missingRelease(app(status), since)).toBeUndefined()
  expect(missingRelease(app({ ...status, health: { status: 'Suspended' } }), since)).toContain('pauses')
})

it('names what is Degraded', () => {
  const status = { sync: { status: 'Synced', revision: 'abc' }, health: { status: 'Degraded' } }
  const done = { phase: 'Succeeded', syncResult: { revision: 'abc' } }
  const degraded = ['core-api: InvalidSpec: SetWeight needs to be between 0 and 100']
  const look = () => missingRelease(app({ ...status, operationState: done }), { ...since, degraded })
  expect(look).toThrow('core-api: InvalidSpec: SetWeight needs to be between 0 and 100; the stable version')
})
