import { expect, it } from 'vitest'
import { applicationStatus } from './application.ts'

const app = (status: object, more: object = {}) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'team1-project', namespace: 'argocd' },
  spec: { source: { repoURL: 'http://127.0.0.1:1/team1-project.git' } },
  status,
  ...more,
})
const synced = { status: 'Synced', revision: 'abcdef1234' }

it('says nothing when all is well', () => {
  const status = applicationStatus(
    app({ sync: synced, health: { status: 'Healthy' }, operationState: { phase: 'Succeeded' } }),
  )
  expect(status).toMatchObject({ sync: 'Synced', health: 'Healthy', failing: false, message: '' })
})

it('passes on what is wrong with the source, and is failing', () => {
  const conditions = [{ type: 'ComparisonError', message: 'template: x.yaml:3: nil pointer' }]
  expect(applicationStatus(app({ sync: { status: 'Unknown' }, conditions }))).toMatchObject({
    failing: true,
    message: 'ComparisonError: template: x.yaml:3: nil pointer',
  })
})

it('names what differs', () => {
  const resources = [
    { kind: 'Service', name: 'a', status: 'Synced' },
    { kind: 'Deployment', name: 'b', status: 'OutOfSync' },
    { kind: 'Job', name: 'hook' },
  ]
  const status = {
    sync: { ...synced, status: 'OutOfSync' },
    operationState: { phase: 'Succeeded' },
    resources,
  }
  expect(applicationStatus(app(status)).message).toBe('differs: Deployment b')
})

it('says how far a sync is', () => {
  const operationState = { phase: 'Running', message: 'waiting for healthy state of apps/Deployment/web' }
  expect(applicationStatus(app({ sync: synced, operationState })).message).toBe(
    'syncing: waiting for healthy state of apps/Deployment/web',
  )
})
