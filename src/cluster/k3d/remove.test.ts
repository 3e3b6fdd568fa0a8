import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FakeEngine } from '../../lib/docker/testing/fake-engine.ts'
import { engineLabels } from './names.ts'
import { isInEngine, removeFromEngine } from './remove.ts'
import { newState, writeState } from './state.ts'

let stateDir: string
beforeEach(async () => {
  stateDir = join(await mkdtemp(join(tmpdir(), 'devenv-k3d-')), 'demo')
  await mkdir(stateDir)
})
afterEach(() => rm(join(stateDir, '..'), { recursive: true, force: true }))

async function engineWithTwo(): Promise<FakeEngine> {
  const engine = await FakeEngine.start()
  for (const name of ['demo', 'other']) {
    const labels = engineLabels(name)
    engine.things.push(
      { kind: 'containers', id: `k3d-${name}-server-0`, labels },
      { kind: 'containers', id: `devenv-${name}-vault`, labels },
      // k3d's helper, left by a killed `k3d cluster create`.
      {
        kind: 'containers',
        id: `k3d-${name}-tools`,
        labels: { app: 'k3d', 'k3d.cluster': name },
        networks: [`devenv-${name}`],
      },
      { kind: 'networks', id: `devenv-${name}`, labels },
      { kind: 'volumes', id: `devenv-${name}-postgres`, labels },
      { kind: 'images', id: `127.0.0.1:5000/${name}/core-api:1`, labels },
      // A step of its build, once the image has gone.
      { kind: 'images', id: `sha256:${name}`, labels, untagged: true },
    )
  }
  engine.things.push(
    { kind: 'volumes', id: 'k3d-other-images', labels: { 'k3d.cluster': 'other' } },
    { kind: 'volumes', id: 'k3d-demo-images', labels: { 'k3d.cluster': 'demo' } },
    { kind: 'volumes', id: 'devenv-mirror-docker-io', labels: { 'app.kubernetes.io/managed-by': 'devenv' } },
    // Somebody's own cluster with the same name, on another network.
    { kind: 'containers', id: 'k3d-demo-theirs', labels: { 'k3d.cluster': 'demo' }, networks: ['k3d-demo'] },
  )
  return engine
}

const quiet = () => undefined

describe('removeFromEngine', () => {
  it('removes what carries the environment’s labels, and nothing else', async () => {
    await using engine = await engineWithTwo()
    expect(await isInEngine('demo', engine.env)).toBe(true)
    expect(await removeFromEngine({ name: 'demo', stateDir, env: engine.env }, quiet)).toEqual([])
    expect(engine.deleted.sort()).toEqual([
      'containers devenv-demo-vault',
      'containers k3d-demo-server-0',
      'containers k3d-demo-tools',
      'images 127.0.0.1:5000/demo/core-api:1',
      'images sha256:demo',
      'networks devenv-demo',
      'volumes devenv-demo-postgres',
    ])
    expect(await isInEngine('demo', engine.env)).toBe(false)
    expect(existsSync(stateDir)).toBe(false)
  })

  it('kills what it removes: Podman would wait for each container', async () => {
    await using engine = await engineWithTwo()
    await removeFromEngine({ name: 'demo', stateDir, env: engine.env }, quiet)
    expect(engine.killed.sort()).toEqual(['devenv-demo-vault', 'k3d-demo-server-0', 'k3d-demo-tools'])
  })

  it('takes k3d’s volume too where nobody else has a cluster of the name', async () => {
    await using engine = await engineWithTwo()
    await removeFromEngine({ name: 'other', stateDir, env: engine.env }, quiet)
    expect(engine.deleted).toContain('volumes k3d-other-images')
    expect(engine.deleted).not.toContain('volumes k3d-demo-images')
  })

  it('asks the engine that the environment was made in, whatever DOCKER_HOST says by then', async () => {
    await using engine = await engineWithTwo()
    await using another = await FakeEngine.start()
    await writeState(stateDir, { ...(await newState(engine.env.DOCKER_HOST!, '10.200.1')) })
    expect(await removeFromEngine({ name: 'demo', stateDir, env: another.env }, quiet)).toEqual([])
    expect(engine.deleted).toContain('containers k3d-demo-server-0')
  })

  it('says what would not go, and keeps the record for the next try', async () => {
    await using engine = await engineWithTwo()
    engine.stuck.set('devenv-demo', 'network devenv-demo has active endpoints')
    const left = await removeFromEngine({ name: 'demo', stateDir, env: engine.env }, quiet)
    expect(left).toMatchObject([
      { kind: 'network', what: 'devenv-demo', why: expect.stringContaining('active endpoints') },
    ])
    expect(existsSync(stateDir)).toBe(true)
  })

  it('keeps the record while no engine answers', async () => {
    const env = { DOCKER_HOST: `unix://${stateDir}/gone.sock` }
    expect(await removeFromEngine({ name: 'demo', stateDir, env }, quiet)).toMatchObject([{ kind: 'engine' }])
    expect(existsSync(stateDir)).toBe(true)
  })
})
