import { expect, it } from 'vitest'
import { FakeApi } from '../../lib/kube/testing/fake-api.ts'
import { applyManifests } from './apply.ts'

it('goes on when the API server was away for a moment, as a k3s is that has just started again', async () => {
  await using api = await FakeApi.start()
  const cut = new Map<string, number>()
  const answer = (path: string, body: object) =>
    api.answers.set(path, (response) => {
      const times = cut.get(path) ?? 0
      cut.set(path, times + 1)
      if (times === 0) response.destroy()
      else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
  const resources = [{ name: 'configmaps', kind: 'ConfigMap', namespaced: true, verbs: ['patch'] }]
  answer('/api/v1', { resources })
  answer('/api/v1/namespaces/team/configmaps/settings', {})
  const applied: string[] = []
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } }
  await applyManifests(api.client(), [{ source: 'test', object }], {
    namespace: 'team',
    fieldManager: 'test',
    signal: new AbortController().signal,
    onObject: ({ metadata }) => applied.push(`${metadata.namespace}/${metadata.name}`),
  })
  expect(applied).toEqual(['team/settings'])
  expect([...cut.values()]).toEqual([2, 2])
})
