import { expect, test } from 'vitest'
import { resourcePath, selectorString } from './object.ts'

test('resources are addressed by group, version and plural', () => {
  expect(resourcePath('v1/pods')).toBe('/api/v1/pods')
  expect(resourcePath('v1/pods', { namespace: 'a', name: 'b', subresource: 'log' })).toBe(
    '/api/v1/namespaces/a/pods/b/log',
  )
  expect(resourcePath('apps/v1/deployments', { namespace: 'a' })).toBe(
    '/apis/apps/v1/namespaces/a/deployments',
  )
  expect(resourcePath('rbac.authorization.k8s.io/v1/clusterroles', { name: 'system:x/y' })).toBe(
    '/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Ax%2Fy',
  )
})

test('label selectors are written as query strings take them', () => {
  const matchExpressions = [
    { key: 'tier', operator: 'In', values: ['a', 'b'] },
    { key: 'old', operator: 'DoesNotExist' },
  ]
  expect(selectorString({ matchLabels: { app: 'x' }, matchExpressions })).toBe('app=x,tier in (a,b),!old')
})
