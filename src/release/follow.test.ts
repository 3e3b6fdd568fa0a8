import { expect, it } from 'vitest'
import { missingRelease } from './follow.ts'

const app = (status: object) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'team1-project', namespace: 'argocd' },
  status,
})
const unread = [{ type: 'ComparisonError', message: 'nil pointer' }]

it('gives up on a commit that cannot be rendered', () => {
  const broken = app({ sync: { status: 'Unknown', revision: 'abc' }, conditions: unread })
  expect(() => missingRelease(broken, 'abc')).toThrow('the release failed: nil pointer')
})

it('waits for a repository that cannot be read, and says why', () => {
  const away = app({ sync: { status: 'Unknown' }, conditions: unread })
  expect(missingRelease(away, 'abc')).toBe('Argo CD to read the repository: nil pointer')
})

it('is through once the commit is synced and healthy', () => {
  const operationState = { phase: 'Succeeded', syncResult: { revision: 'abc' } }
  const status = {
    sync: { status: 'Synced', revision: 'abc' },
    health: { status: 'Healthy' },
    operationState,
  }
  expect(missingRelease(app(status), 'abc')).toBeUndefined()
  expect(missingRelease(app({ ...status, health: { status: 'Suspended' } }), 'abc')).toContain('pauses')
})
