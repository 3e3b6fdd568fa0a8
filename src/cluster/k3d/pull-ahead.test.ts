import { expect, it } from 'vitest'
import { findEngine } from '../../lib/docker/engine.ts'
import { FakeEngine } from '../../lib/docker/testing/fake-engine.ts'
import { pullAhead } from './pull-ahead.ts'

const { signal } = new AbortController()

async function start(): Promise<{ fake: FakeEngine; engine: Parameters<typeof pullAhead>[0] }> {
  const fake = await FakeEngine.start()
  const found = await findEngine(fake.env)
  if ('absent' in found) throw new Error(found.absent)
  return { fake, engine: found.engine }
}

it('pulls nothing before the container runtime answers, and goes on after an image that cannot be had', async () => {
  const { fake, engine } = await start()
  await using _ = fake
  let looks = 0
  fake.exitCode = ([, verb, image]) => {
    if (verb === 'version') return ++looks < 3 ? 1 : 0
    return image === 'private/one' ? 1 : 0
  }
  await pullAhead(engine, 'node', ['pause', 'private/one', 'broker', 'worker'], signal)
  expect(fake.executed.map((command) => command.join(' '))).toEqual([
    ...Array(3).fill('crictl version'),
    'crictl pull pause',
    'crictl pull private/one',
    'crictl pull broker',
    'crictl pull worker',
  ])
})

it('ends without an error when it is stopped, or the engine goes away', async () => {
  const { fake, engine } = await start()
  const stop = new AbortController()
  fake.exitCode = () => {
    stop.abort()
    return 1
  }
  await pullAhead(engine, 'node', ['pause'], stop.signal)
  expect(fake.executed).toHaveLength(1)
  await fake[Symbol.asyncDispose]()
  await pullAhead(engine, 'node', ['pause'], AbortSignal.timeout(300))
})
