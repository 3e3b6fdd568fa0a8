import { describe, expect, it } from 'vitest'
import { engineCandidates } from '../../lib/docker/addresses.ts'
import { type EngineInfo, findEngine } from '../../lib/docker/engine.ts'
import { FakeEngine } from '../../lib/docker/testing/fake-engine.ts'
import { judgeEngine } from './capacity.ts'

const GB = 1024 ** 3

function engine(changes: Partial<EngineInfo>): EngineInfo {
  return {
    host: 'unix:///var/run/docker.sock',
    product: 'Docker',
    ServerVersion: '28.3.2',
    ApiVersion: '1.51',
    OperatingSystem: 'Debian GNU/Linux 12',
    OSType: 'linux',
    Architecture: 'x86_64',
    NCPU: 8,
    MemTotal: 16 * GB,
    CgroupVersion: '2',
    ...changes,
  }
}

describe('judgeEngine', () => {
  it('takes full where there is room, lite where there is less, and says why', () => {
    expect(judgeEngine(engine({})).size).toBe('full')
    const lite = judgeEngine(engine({ MemTotal: 3 * GB }))
    expect(lite.size).toBe('lite')
    expect(lite.reason).toMatch(/3072 MB and 8 CPUs, a full one needs 3720 MB/)
    expect(judgeEngine(engine({ NCPU: 2 })).size).toBe('lite')
    expect(lite.parts[0]).toEqual({ name: 'k3s', memoryMb: 900 })
  })

  it('refuses too little memory with the way to give each product more', () => {
    const refused = (product: string) => {
      try {
        judgeEngine(engine({ product, MemTotal: 2 * GB }))
      } catch (thrown) {
        return thrown
      }
    }
    expect(refused('Colima')).toMatchObject({
      code: 'PREFLIGHT',
      exitCode: 3,
      message: expect.stringContaining('2048 MB'),
      fix: expect.stringContaining('colima start'),
    })
    expect(refused('Docker Desktop')).toMatchObject({ fix: expect.stringContaining('Settings') })
  })

  it('refuses Windows containers, old engines, and engines on other machines', () => {
    expect(() => judgeEngine(engine({ OSType: 'windows' }))).toThrow(/windows containers/)
    expect(() => judgeEngine(engine({ ApiVersion: '1.40' }))).toThrow(/1\.41 is needed/)
    expect(() => judgeEngine(engine({ host: 'tcp://build.example.com:2376' }))).toThrow(/another machine/)
    expect(() => judgeEngine(engine({ host: 'ssh://me@server' }))).toThrow(/another machine/)
    expect(judgeEngine(engine({ host: 'tcp://127.0.0.1:2375' })).size).toBe('full')
  })
})

describe('findEngine', () => {
  it('names the product by what the engine says of itself', async () => {
    await using fake = await FakeEngine.start()
    const recorded: [Record<string, unknown>, string][] = [
      [{ OperatingSystem: 'Docker Desktop', Name: 'docker-desktop' }, 'Docker Desktop'],
      [{ OperatingSystem: 'OrbStack', Name: 'orbstack' }, 'OrbStack'],
      [{ OperatingSystem: 'Ubuntu 24.04.1 LTS', Name: 'colima' }, 'Colima'],
      [
        { OperatingSystem: 'Rancher Desktop WSL Distribution', Name: 'lima-rancher-desktop' },
        'Rancher Desktop',
      ],
      [{ OperatingSystem: 'fedora', Name: 'podman-machine' }, 'Podman'],
      [{ OperatingSystem: 'Debian GNU/Linux 12 (bookworm)' }, 'Docker'],
    ]
    const info = fake.info
    for (const [changes, product] of recorded) {
      fake.info = { ...info, ...changes }
      const found = await findEngine(fake.env)
      expect('info' in found && found.info).toMatchObject({ product, NCPU: 8, ApiVersion: '1.51' })
    }
  })

  it('says what was tried when nothing answers', async () => {
    expect(await findEngine({ DOCKER_HOST: 'unix:///nonexistent.sock' })).toEqual({
      absent: expect.stringContaining('/nonexistent.sock'),
    })
    expect(await findEngine({ HOME: '/nonexistent', XDG_RUNTIME_DIR: '/nonexistent' })).toMatchObject({
      absent: expect.any(String),
    })
  })

  it('asks DOCKER_HOST alone when it is set', () => {
    expect(engineCandidates({ DOCKER_HOST: 'tcp://x:1' })).toEqual([
      { host: 'tcp://x:1', product: 'DOCKER_HOST' },
    ])
    expect(engineCandidates({ HOME: '/h' }).map(({ product }) => product)).toContain('Colima')
  })
})
