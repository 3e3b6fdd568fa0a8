import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FakeClock } from '../../lib/clock.ts'
import { type FoundEngine, findEngine } from '../../lib/docker/engine.ts'
import { FakeEngine } from '../../lib/docker/testing/fake-engine.ts'
import { freePorts } from '../../lib/free-ports.ts'
import { engineLabels } from './names.ts'
import { untilReached } from './reach.ts'

let fake: FakeEngine
let found: FoundEngine
beforeEach(async () => {
  fake = await FakeEngine.start()
  found = (await findEngine(fake.env)) as FoundEngine
})
afterEach(() => fake[Symbol.asyncDispose]())

const REGISTRY = 'devenv-demo-registry'

describe('untilReached', () => {
  const waits = (clock: FakeClock) => ({
    waiting: () => undefined,
    signal: new AbortController().signal,
    clock,
  })

  it('ends as soon as the port is open here', async () => {
    await using server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    await untilReached(found, REGISTRY, (server.address() as AddressInfo).port, waits(new FakeClock()))
  })

  /** What it throws once its patience is over. */
  async function failure(): Promise<unknown> {
    const clock = new FakeClock()
    const [port] = (await freePorts(1)) as [number]
    const probed = Promise.withResolvers<void>()
    const reached = untilReached(found, REGISTRY, port, { ...waits(clock), waiting: () => probed.resolve() })
    const thrown = reached.catch((error: unknown) => error)
    await probed.promise
    await clock.advance(60_000)
    return thrown
  }

  it('says that the engine is elsewhere where a container runs and its port stays closed here', async () => {
    fake.things.push({ kind: 'containers', id: REGISTRY, labels: engineLabels('demo') })
    expect(await failure()).toMatchObject({
      code: 'STEP_FAILED',
      message: expect.stringMatching(
        /runs and publishes 127\.0\.0\.1:\d+, but nothing answers .* another machine/,
      ),
      fix: expect.stringContaining('--cluster context:NAME'),
    })
  })

  it('does not blame the engine for a container that ended', async () => {
    expect(await failure()).toMatchObject({
      message: `container ${REGISTRY} does not stay up`,
      fix: expect.stringContaining(`docker logs ${REGISTRY}`),
    })
  })
})
