import { expect, test } from 'vitest'
import { KubeClient } from './client.ts'
import { forwardTarget } from './forward-target.ts'
import type { KubeObject } from './object.ts'
import { FakeApi } from './testing/fake-api.ts'

const service: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'team1-project-core-api', namespace: 'team1-ns' },
  spec: { ports: [{ name: 'http', port: 8000 }] },
}

test('a port that the Service does not have is refused before anything listens', async () => {
  await using api = await FakeApi.start()
  api.put('v1/services', service)
  const client = new KubeClient({ server: api.url, namespace: 'team1-ns', tls: {} })
  const { forward, name } = await forwardTarget(client, 'team1-ns', 'team1-project', 'core-api')
  expect(name).toBe('team1-project-core-api')
  await expect(forward(18_000, { localPort: 0 })).rejects.toMatchObject({
    code: 'USAGE',
    message: 'Service team1-project-core-api has no port 18000',
    fix: expect.stringMatching(/^It has 8000 \(http\)/),
  })
  await using byName = await forward('http', { localPort: 0 })
  expect(byName.port).toBeGreaterThan(0)
  client.close()
})
