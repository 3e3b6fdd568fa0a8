import { expect, it } from 'vitest'
import { type EngineInfo, findEngine } from '../../lib/docker/engine.ts'
import { FakeEngine } from '../../lib/docker/testing/fake-engine.ts'
import { orEngineGone } from './engine-gone.ts'

it('tells an engine that stopped from a call that failed', async () => {
  const failure = new Error('socket hang up')
  let info: EngineInfo
  {
    await using engine = await FakeEngine.start()
    const found = await findEngine(engine.env)
    if ('absent' in found) throw new Error(found.absent)
    info = found.info
    expect(await orEngineGone({ info }, failure)).toBe(failure)
  }
  expect(await orEngineGone({ info }, failure)).toMatchObject({
    code: 'STEP_FAILED',
    message: `the Docker engine at ${info.host} has stopped: socket hang up`,
  })
})
