import { describe, expect, it } from 'vitest'
import { FakeEngine } from '../lib/docker/testing/fake-engine.ts'
import type { RunRecord } from '../lib/record.ts'
import { detectCluster } from './detect.ts'

const NOWHERE = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' }
const given = (env: Record<string, string>, earlier?: Partial<RunRecord>) => ({
  name: 'demo',
  earlier: earlier as RunRecord | undefined,
  env,
})

describe('auto', () => {
  it('takes k3d where an engine answers that has room for it', async () => {
    await using engine = await FakeEngine.start()
    expect(await detectCluster('auto', given(engine.env))).toEqual({
      kind: 'k3d',
      reason: 'Docker 28.3.2 answers; full: the engine has 16384 MB and 8 CPUs',
    })
  })

  it('takes embedded, and says why, where the engine is too small or does not answer', async () => {
    await using engine = await FakeEngine.start()
    engine.info = { ...engine.info, MemTotal: 1024 ** 3 }
    const small = await detectCluster('auto', given(engine.env))
    expect(small).toMatchObject({ kind: 'embedded', reason: expect.stringMatching(/has 1024 MB/) })
    const absent = await detectCluster('auto', given(NOWHERE))
    expect(absent).toMatchObject({
      kind: 'embedded',
      reason: expect.stringMatching(/no Docker engine answers/),
    })
  })

  it('stays with what is there when an engine came or went', async () => {
    await using engine = await FakeEngine.start()
    const cluster = { kind: 'embedded', reason: 'no Docker engine' } as RunRecord['cluster']
    expect(await detectCluster('auto', given(engine.env, { cluster }))).toEqual({
      kind: 'embedded',
      reason: 'no Docker engine',
    })
    const k3d = { cluster: { ...cluster, kind: 'k3d' as const, reason: 'Docker answers' } }
    expect(await detectCluster('auto', given(NOWHERE, k3d))).toMatchObject({ kind: 'k3d' })
  })
})

it('does what it is told, and knows four kinds', async () => {
  expect(await detectCluster('embedded', given(NOWHERE))).toMatchObject({ kind: 'embedded' })
  expect(await detectCluster('k3d', given(NOWHERE))).toMatchObject({ kind: 'k3d' })
  expect(await detectCluster('context:work', given(NOWHERE))).toMatchObject({
    kind: 'context',
    context: 'work',
  })
  await expect(detectCluster('context:', given(NOWHERE))).rejects.toThrow(/there are auto, embedded/)
})
