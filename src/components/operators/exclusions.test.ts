import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { withExclusions } from './exclusions.ts'

const settings = (data?: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'argocd-cm' },
  ...(data ? { data } : {}),
})
const ISTIO = { group: 'networking.istio.io', kinds: [] }
const ours = { apiGroups: ['networking.istio.io'], kinds: ['*'], clusters: ['*'] }

it('adds to what Argo CD leaves out by itself', () => {
  const brought = "- apiGroups: ['coordination.k8s.io']\n  kinds: [Lease]"
  const [object] = withExclusions(
    [settings({ 'resource.exclusions': brought, 'timeout.reconciliation': '5s' })],
    [ISTIO],
  )
  expect(object!.data['timeout.reconciliation']).toBe('5s')
  expect(parse(object!.data['resource.exclusions'])).toEqual([
    { apiGroups: ['coordination.k8s.io'], kinds: ['Lease'] },
    ours,
  ])
})

it('sets it where the ConfigMap has none, with the kinds that are named', () => {
  const named = { group: 'x.example', kinds: ['A', 'B'] }
  const [object] = withExclusions([settings()], [ISTIO, named])
  expect(parse(object!.data['resource.exclusions'])).toEqual([
    ours,
    { apiGroups: ['x.example'], kinds: ['A', 'B'], clusters: ['*'] },
  ])
})

it('leaves every other object alone', () => {
  const other = { ...settings({ 'resource.exclusions': '' }), metadata: { name: 'other' } }
  expect(withExclusions([other], [ISTIO])).toEqual([other])
  expect(withExclusions([settings()], [])).toEqual([settings()])
})
