import { describe, expect, it } from 'vitest'
import type { EngineInfo } from '../../lib/docker/engine.ts'
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
})
