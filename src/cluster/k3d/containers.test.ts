import { describe, expect, it } from 'vitest'
import type { Engine } from '../../lib/docker/engine.ts'
import { SPEC_LABEL, type WantedContainer } from './compose.ts'
import { ensureContainer, hasOwnNetwork } from './containers.ts'
import { engineLabels } from './names.ts'

const labels = { ...engineLabels('demo'), [SPEC_LABEL]: 'as-wanted' }
const wanted: WantedContainer = {
  service: 'vault',
  name: 'devenv-demo-vault',
  image: 'vault:2',
  volumes: [],
  files: {},
  create: { Labels: labels },
}
const waits = { waiting: () => undefined, signal: new AbortController().signal, offline: false }

/** An engine with the container, ended; `start` fails as often as there are failures. */
function engineWith(...failures: string[]): { engine: Engine; done: string[] } {
  const done: string[] = []
  const container = {
    inspect: async () => ({ State: { Running: false }, Config: { Labels: labels } }),
    async start() {
      done.push('start')
      const failure = failures.shift()
      if (failure) throw new Error(failure)
    },
    async remove() {
      done.push('remove')
    },
  }
  const engine = {
    getContainer: () => container,
    getImage: () => ({ inspect: async () => ({}) }),
    async createContainer() {
      done.push('create')
      return container
    },
  }
  return { engine: engine as unknown as Engine, done }
}

describe('a container that ended', () => {
  it('is started again as it is', async () => {
    const { engine, done } = engineWith()
    await ensureContainer(engine, wanted, 'demo', waits)
    expect(done).toEqual(['start'])
  })

  it.each(['task 0128d7: already exists', 'Bind for 127.0.0.1:38615 failed: port is already allocated'])(
    'is made anew where the engine that was killed has lost it: %s',
    async (failure) => {
      const { engine, done } = engineWith(failure)
      await ensureContainer(engine, wanted, 'demo', waits)
      expect(done).toEqual(['start', 'remove', 'create', 'start'])
    },
  )

  it('whose port another program has says so', async () => {
    const taken = 'listen tcp 127.0.0.1:38615: bind: address already in use'
    const { engine } = engineWith(taken, taken)
    await expect(ensureContainer(engine, wanted, 'demo', waits)).rejects.toMatchObject({
      code: 'PORT_BUSY',
      message: expect.stringContaining(taken),
    })
  })

  it('that fails for another reason is left for a look at it', async () => {
    const { engine, done } = engineWith('no such device')
    await expect(ensureContainer(engine, wanted, 'demo', waits)).rejects.toMatchObject({
      code: 'STEP_FAILED',
    })
    expect(done).toEqual(['start'])
  })
})

describe('what somebody else has made', () => {
  const notFound = async () => {
    throw Object.assign(new Error('no such thing'), { statusCode: 404 })
  }
  const engineOf = (found: { network?: object; volume?: object }): Engine =>
    ({
      getNetwork: () => ({ inspect: found.network ? async () => found.network : notFound }),
      getVolume: () => ({ inspect: found.volume ? async () => found.volume : notFound }),
      getContainer: () => ({ inspect: notFound, start: async () => undefined }),
      getImage: () => ({ inspect: async () => ({}) }),
      createVolume: async () => ({}),
      createContainer: async () => ({}),
    }) as unknown as Engine

  it('is not taken for the environment’s network', async () => {
    expect(await hasOwnNetwork(engineOf({}), 'demo')).toBe(false)
    expect(await hasOwnNetwork(engineOf({ network: { Labels: engineLabels('demo') } }), 'demo')).toBe(true)
    for (const Labels of [null, {}, engineLabels('other')])
      await expect(hasOwnNetwork(engineOf({ network: { Labels } }), 'demo')).rejects.toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining('devenv-demo'),
      })
  })

  it('gets no data of the environment’s into its volume', async () => {
    const withVolume = { ...wanted, volumes: [{ name: 'devenv-demo-postgres', shared: false }] }
    const ensure = (volume?: object) =>
      ensureContainer(engineOf(volume ? { volume } : {}), withVolume, 'demo', waits)
    await ensure()
    await ensure({ Labels: engineLabels('demo') })
    await expect(ensure({ Labels: null })).rejects.toMatchObject({ code: 'CONFLICT' })
  })
})
