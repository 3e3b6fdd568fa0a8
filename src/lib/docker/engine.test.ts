import { describe, expect, it } from 'vitest'
import { engineCandidates } from './addresses.ts'
import { findEngine } from './engine.ts'
import { DOCUMENTED, type EngineAnswers, RECORDED } from './testing/engines.ts'
import { FakeEngine } from './testing/fake-engine.ts'

async function found(answers: EngineAnswers) {
  await using fake = await FakeEngine.start()
  fake.answerAs(answers)
  const engine = await findEngine(fake.env)
  if ('absent' in engine) throw new Error(engine.absent)
  return engine.info
}

describe('findEngine', () => {
  it.each(Object.keys(RECORDED))('knows %s by what it answered', async (name) => {
    const info = await found(RECORDED[name]!)
    expect(info.product).toBe(/^\w+/.exec(name)?.[0])
    expect(info).toMatchObject({ NCPU: 2, OSType: 'linux', ApiVersion: expect.stringMatching(/^1\.\d\d$/) })
  })

  it.each(Object.keys(DOCUMENTED))('knows %s by what is described of it', async (name) => {
    expect((await found(DOCUMENTED[name]!)).product).toBe(DOCUMENTED[name]!.product)
  })

  it('asks Podman where its own socket is, in a virtual machine not the one here, and for its controllers', async () => {
    expect(await found(RECORDED['Podman 5']!)).toMatchObject({
      socket: '/run/podman/podman.sock',
      controllers: expect.arrayContaining(['cpuset', 'pids']),
    })
    expect((await found(RECORDED['Docker 20.10']!)).socket).toBeUndefined()
  })

  it('takes a Podman that tells neither', async () => {
    const { podman, ...silent } = RECORDED['Podman 5']!
    expect(podman).toBeDefined()
    const info = await found(silent)
    expect(info.product).toBe('Podman')
    expect(info.socket).toBeUndefined()
  })

  it('says what was tried when nothing answers', async () => {
    expect(await findEngine({ DOCKER_HOST: 'unix:///nonexistent.sock' })).toEqual({
      absent: expect.stringContaining('/nonexistent.sock'),
    })
    expect(await findEngine({ HOME: '/nonexistent', XDG_RUNTIME_DIR: '/nonexistent' })).toMatchObject({
      absent: expect.any(String),
    })
  })
})

describe('engineCandidates', () => {
  it('is DOCKER_HOST alone when it is set', () => {
    expect(engineCandidates({ DOCKER_HOST: 'tcp://x:1' })).toEqual([
      { host: 'tcp://x:1', product: 'DOCKER_HOST' },
    ])
  })

  it('has the sockets of all engines, at the places that their settings move them to', () => {
    const env = { HOME: '/h', XDG_CONFIG_HOME: '/c', XDG_RUNTIME_DIR: '/run/user/1', TMPDIR: '/t' }
    const candidates = engineCandidates(env).map(({ host, product }) => `${product} ${host.slice(7)}`)
    expect(candidates).toEqual(
      expect.arrayContaining([
        'Docker Desktop /h/.docker/run/docker.sock',
        'Colima /h/.colima/default/docker.sock',
        'Colima /c/colima/default/docker.sock',
        'Rancher Desktop /h/.rd/docker.sock',
        'OrbStack /h/.orbstack/run/docker.sock',
        'rootless Docker /run/user/1/docker.sock',
        'Podman /run/user/1/podman/podman.sock',
        'Podman /run/podman/podman.sock',
        'Podman /t/podman/podman-machine-default-api.sock',
      ]),
    )
  })
})
