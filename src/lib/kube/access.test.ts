import { describe, expect, it } from 'vitest'
import { describeNeeds, type Need, needsOf, refusedNeeds } from './access.ts'
import { FakeApi } from './testing/fake-api.ts'

const REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'

/** Answers reviews by `allow`. */
async function reviewing(allow: (attributes: Record<string, string>) => boolean) {
  const api = await FakeApi.start()
  api.answers.set(REVIEWS, (response) => {
    const asked = JSON.parse(api.requests.at(-1)!.body)
    const allowed = allow(asked.spec.resourceAttributes)
    response.writeHead(201, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ ...asked, status: { allowed } }))
  })
  return api
}

const needs: Need[] = [
  { verb: 'create', group: 'apps', resource: 'deployments' },
  { verb: 'patch', group: 'apps', resource: 'deployments' },
  { verb: 'create', group: '', resource: 'pods/portforward' },
]

describe('refusedNeeds', () => {
  it('asks one question of who may do everything', async () => {
    await using api = await reviewing(() => true)
    expect(await refusedNeeds(api.client(), needs)).toEqual([])
    expect(api.requests).toHaveLength(1)
  })

  it('lists what is refused, in the order of the needs', async () => {
    await using api = await reviewing(({ verb, subresource }) => verb === 'patch' && !subresource)
    const refused = await refusedNeeds(api.client(), needs)
    expect(describeNeeds([...refused, ...refused])).toEqual([
      'deployments.apps: create',
      'pods/portforward: create',
    ])
    expect(api.requests.some(({ body }) => body.includes('"subresource":"portforward"'))).toBe(true)
  })
})

it('derives needs from objects, from the CRDs among them where the cluster does not serve a kind yet', async () => {
  await using api = await FakeApi.start()
  api.answers.set('/apis/apiextensions.k8s.io/v1', (response) => {
    response.end(
      JSON.stringify({
        resources: [
          { name: 'customresourcedefinitions', kind: 'CustomResourceDefinition', namespaced: false },
        ],
      }),
    )
  })
  const found = await needsOf(api.client(), [
    {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'stores.example.com' },
      spec: { group: 'example.com', names: { kind: 'Store', plural: 'stores' } },
    },
    { apiVersion: 'example.com/v1', kind: 'Store', metadata: { name: 'a' } },
  ])
  expect(found).toContainEqual({ verb: 'create', group: 'example.com', resource: 'stores' })
  expect(found).toContainEqual({
    verb: 'delete',
    group: 'apiextensions.k8s.io',
    resource: 'customresourcedefinitions',
  })
})
