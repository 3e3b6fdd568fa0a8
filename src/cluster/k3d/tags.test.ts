import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { findEngine } from '../../lib/docker/engine.ts'
import { FakeEngine } from '../../lib/docker/testing/fake-engine.ts'
import { engineLabels } from './names.ts'
import { newState, writeState } from './state.ts'
import { abandonedTags } from './tags.ts'

it('what a killed save named is found; what up named, and others, is not', async () => {
  await using fake = await FakeEngine.start()
  const stateDir = await mkdtemp(join(tmpdir(), 'dv-tags-'))
  try {
    const found = await findEngine(fake.env)
    if ('absent' in found) throw new Error(found.absent)
    const abandoned = () => abandonedTags(found.engine, 'demo', stateDir)
    const labels = engineLabels('demo')
    fake.things.push(
      { kind: 'images', id: '127.0.0.1:41000/team/api:1', labels },
      { kind: 'images', id: 'sha256:layer', labels, untagged: true },
      { kind: 'images', id: '127.0.0.1:41000/team/api:2', labels: engineLabels('other') },
    )
    expect(await abandoned()).toEqual(['127.0.0.1:41000/team/api:1'])
    const state = await newState(fake.env.DOCKER_HOST!, '10.1.1')
    await writeState(stateDir, { ...state, registryPort: 41_000 })
    expect(await abandoned()).toEqual([])
  } finally {
    await rm(stateDir, { recursive: true, force: true })
  }
})
