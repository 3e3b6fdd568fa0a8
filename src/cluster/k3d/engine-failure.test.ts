import { expect, it } from 'vitest'
import { type EngineInfo, findEngine } from '../../lib/docker/engine.ts'
import { FakeEngine } from '../../lib/docker/testing/fake-engine.ts'
import { DevenvError } from '../../lib/errors.ts'
import { blameEngine, orEngineFailure } from './engine-failure.ts'

it('tells an engine that stopped from a call that failed', async () => {
  const failure = new Error('socket hang up')
  let info: EngineInfo
  {
    await using engine = await FakeEngine.start()
    const found = await findEngine(engine.env)
    if ('absent' in found) throw new Error(found.absent)
    info = found.info
    expect(await orEngineFailure({ info }, failure)).toBe(failure)
  }
  const stopped = await orEngineFailure({ info }, failure)
  expect(await orEngineFailure({ info }, stopped)).toBe(stopped)
  expect(stopped).toMatchObject({
    code: 'ENGINE_STOPPED',
    exitCode: 1,
    message: `the Docker engine at ${info.host} has stopped: socket hang up`,
  })
})

it('tells a full disk of the engine, whoever met it, from one of this machine', async () => {
  await using engine = await FakeEngine.start()
  const found = await findEngine(engine.env)
  if ('absent' in found) throw new Error(found.absent)
  const met = new Error('cannot pull x', { cause: new Error('write /data/blob: no space left on device') })
  expect(await orEngineFailure(found, met)).toMatchObject({
    code: 'ENGINE_FULL',
    message: 'the disk of the Docker engine (/nonexistent/docker) is full: cannot pull x',
    exitCode: 1,
    fix: expect.stringMatching(/docker system prune.*npm run up resumes/),
  })
  // A registry in the engine, which tells the number of the system's error.
  const words = 'UNKNOWN unknown error {"DriverName":"filesystem","Enclosed":{"Op":"write","Err":28}}'
  expect(await orEngineFailure(found, new Error(words), 'run it again.')).toMatchObject({
    code: 'ENGINE_FULL',
    fix: expect.stringMatching(/Then run it again\.$/),
  })
  const ours = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  expect(await orEngineFailure(found, ours)).toBe(ours)
})

it.runIf(process.platform === 'linux')(
  'looks at the disk itself: a node that died of it says something else',
  async () => {
    await using engine = await FakeEngine.start()
    const found = await findEngine(engine.env)
    if ('absent' in found) throw new Error(found.absent)
    const silent = new DevenvError('UNREACHABLE', 'the API server does not answer: socket hang up')
    expect(await blameEngine(found, silent)).toBe(silent)
    // A file system without a free byte.
    const full = { info: { ...found.info, DockerRootDir: '/proc' } }
    expect(await blameEngine(full, silent)).toMatchObject({
      code: 'ENGINE_FULL',
      message:
        'the disk of the Docker engine (/proc) is full: the API server does not answer: socket hang up',
    })
    // Once, however many look at it.
    const told = await blameEngine(full, silent)
    expect(await blameEngine(full, told)).toBe(told)
    // Postgres tells it of the file that was read to it.
    const schema = new DevenvError(
      'CONFIG_INVALID',
      '001.sql: could not extend file: No space left on device',
    )
    expect(await blameEngine(found, schema)).toMatchObject({ code: 'ENGINE_FULL' })
    const mistake = new DevenvError('CHART_INVALID', 'no')
    expect(await blameEngine(full, mistake)).toBe(mistake)
  },
)
