import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { FakeEngine } from '../../lib/docker/testing/fake-engine.ts'
import { engineLabels, nodeName } from './names.ts'
import { engineFix, examineEngine } from './preflight.ts'
import { newState } from './state.ts'

const quiet = () => undefined

describe('an engine that does not answer', () => {
  const env = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' }

  it('is named with the variable that chose it', async () => {
    await expect(examineEngine('demo', undefined, env, quiet)).rejects.toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
      exitCode: 3,
      message: expect.stringContaining('/nonexistent/docker.sock'),
      fix: expect.stringMatching(/unset DOCKER_HOST/),
    })
  })

  it('is the only one that will do for an environment that is in it', async () => {
    const state = await newState('unix:///nonexistent/other.sock', '10.200.1')
    await expect(examineEngine('demo', state, {}, quiet)).rejects.toMatchObject({
      message: expect.stringContaining('/nonexistent/other.sock'),
      fix: 'Start it again: this environment is in it.',
    })
  })

  it('is mended by the group where its socket is not this user’s to open', () => {
    const why = 'no Docker engine answers (unix:///var/run/docker.sock: connect EACCES /var/run/docker.sock)'
    expect(engineFix(why, {})).toMatch(/^sudo usermod -aG docker/)
    expect(engineFix('no Docker engine: no socket exists', {})).toMatch(/^Start Docker/)
  })
})

describe('the disk of the engine', () => {
  it.runIf(process.platform === 'linux')('must have room for what is not there yet', async () => {
    await using engine = await FakeEngine.start()
    // A file system without a free byte.
    engine.info = { ...engine.info, DockerRootDir: '/proc' }
    const refusal = () =>
      examineEngine('demo', undefined, engine.env, quiet).catch((thrown) => thrown.message)
    expect(await refusal()).toMatch(/\(\/proc\) has 0.0 GB free; images and data take about 6 GB$/)
    engine.things.push({ kind: 'volumes', id: 'devenv-mirror-docker-io', labels: {} })
    expect(await refusal()).toMatch(/about 4 GB$/)
    const labels = { 'devenv/environment': 'demo' }
    engine.things.push({ kind: 'containers', id: nodeName('demo'), labels })
    expect(await refusal()).toMatch(/about 1 GB$/)
  })
})

describe('the ports of an environment that is stopped', () => {
  const labels = engineLabels('demo')

  it('are refused while another program has one, which a virtual machine would not notice', async () => {
    await using engine = await FakeEngine.start()
    const state = await newState(engine.env.DOCKER_HOST!, '10.200.1')
    engine.things.push({ kind: 'containers', id: nodeName('demo'), labels, ended: true })
    await using other = createServer()
    other.listen(state.apiPort, '127.0.0.1')
    await once(other, 'listening')
    await expect(examineEngine('demo', state, engine.env, quiet)).rejects.toMatchObject({
      code: 'PORT_BUSY',
      message: expect.stringContaining(`127.0.0.1:${state.apiPort} belongs to this environment`),
    })
  })

  it('are its own where its containers still have them', async () => {
    await using engine = await FakeEngine.start()
    const state = await newState(engine.env.DOCKER_HOST!, '10.200.1')
    engine.things.push(
      { kind: 'containers', id: nodeName('demo'), labels, ended: true },
      { kind: 'containers', id: 'devenv-demo-vault', labels, ports: [state.vaultPort] },
    )
    await using vault = createServer()
    vault.listen(state.vaultPort, '127.0.0.1')
    await once(vault, 'listening')
    await expect(examineEngine('demo', state, engine.env, quiet)).resolves.toMatchObject({ owner: 1000 })
  })
})
