import { expect, it } from 'vitest'
import { findEngine } from './engine.ts'
import { pushImage } from './images.ts'
import { FakeEngine } from './testing/fake-engine.ts'

it('pushes to a registry of this machine without TLS, which Podman has to be told', async () => {
  await using fake = await FakeEngine.start()
  const found = await findEngine(fake.env)
  if ('absent' in found) throw new Error(found.absent)
  await pushImage(found.engine, '127.0.0.1:5000/demo/core-api', { waiting: () => undefined })
  expect(fake.pushed).toMatchObject([
    { image: '127.0.0.1:5000/demo/core-api', query: { tlsVerify: 'false' } },
  ])
})
