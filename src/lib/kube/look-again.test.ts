import { expect, it } from 'vitest'
import { lookAgain } from './look-again.ts'
import type { KubeObject } from './object.ts'
import { FakeApi } from './testing/fake-api.ts'

const pod = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'stack' },
})
const { signal } = new AbortController()

it('changes nothing of a pod but an annotation', async () => {
  await using api = await FakeApi.start()
  api.put('v1/pods', pod('broker'))
  await lookAgain(api.client(), pod('broker'), signal)
  expect(JSON.parse(api.requests[0]!.body)).toEqual({
    metadata: { annotations: { 'devenv/look-again': expect.stringMatching(/^\d{4}-.*Z$/) } },
  })
})

it('leaves alone what is gone and what is not its to change, and tells any other refusal', async () => {
  await using api = await FakeApi.start()
  await lookAgain(api.client(), pod('gone'), signal)
  let code = 403
  api.answers.set('/api/v1/namespaces/stack/pods/broker', (response) =>
    response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify({ code })),
  )
  await lookAgain(api.client(), pod('broker'), signal)
  code = 422
  await expect(lookAgain(api.client(), pod('broker'), signal)).rejects.toMatchObject({ code: 422 })
})
