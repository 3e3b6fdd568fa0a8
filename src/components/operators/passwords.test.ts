import { expect, it } from 'vitest'
import { FakeApi } from '../../lib/kube/testing/fake-api.ts'
import { missingPasswords } from './passwords.ts'

it('makes a password where there is none, and leaves one that is there', async () => {
  await using api = await FakeApi.start()
  api.put('v1/secrets', {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'old', namespace: 'argocd' },
    data: { auth: 'a2VwdA==' },
  })
  const passwords = [
    { secret: 'old', key: 'auth' },
    { secret: 'new', key: 'auth' },
  ]
  const ask = () => missingPasswords(api.client(), { namespace: 'argocd', passwords }, 'demo')
  const [made, ...others] = await ask()
  expect(others).toEqual([])
  expect(made).toMatchObject({
    kind: 'Secret',
    metadata: { name: 'new', namespace: 'argocd', labels: { 'devenv/environment': 'demo' } },
    data: { auth: expect.stringMatching(/^[A-Za-z0-9+/]{40,}=*$/) },
  })
  const [again] = await ask()
  expect(again?.data.auth).not.toBe(made?.data.auth)
})
