import { expect, it } from 'vitest'
import { findEngine } from '../../lib/docker/engine.ts'
import { FakeEngine } from '../../lib/docker/testing/fake-engine.ts'
import { engineLabels } from './names.ts'
import { freshNodeVolumes } from './node-volumes.ts'

const IMAGE = 'rancher/k3s:v1'

async function engineWith(declared: string[]) {
  const fake = await FakeEngine.start()
  fake.declared.set(IMAGE, declared)
  const found = await findEngine(fake.env)
  if ('absent' in found) throw new Error(found.absent)
  return { fake, engine: found.engine, [Symbol.asyncDispose]: () => fake[Symbol.asyncDispose]() }
}

it('gives each folder that the image declares a new volume that labels find', async () => {
  await using given = await engineWith(['/var/lib/rancher/k3s', '/var/log'])
  const { fake, engine } = given
  const names = ['devenv-demo-node-var-lib-rancher-k3s', 'devenv-demo-node-var-log']
  const labels = engineLabels('demo')
  // Of a node that was half made.
  fake.things.push({ kind: 'volumes', id: names[1]!, labels })
  expect(await freshNodeVolumes(engine, 'demo', IMAGE)).toEqual([
    { name: names[0], path: '/var/lib/rancher/k3s' },
    { name: names[1], path: '/var/log' },
  ])
  expect(fake.deleted).toContain(`volumes ${names[1]}`)
  expect(fake.things).toEqual(names.map((id) => ({ kind: 'volumes', id, labels })))
})

it('leaves a volume of that name alone that somebody else made', async () => {
  await using given = await engineWith(['/var/log'])
  const { fake, engine } = given
  fake.things.push({ kind: 'volumes', id: 'devenv-demo-node-var-log', labels: {} })
  await expect(freshNodeVolumes(engine, 'demo', IMAGE)).rejects.toMatchObject({ code: 'CONFLICT' })
  expect(fake.deleted).toEqual([])
})
