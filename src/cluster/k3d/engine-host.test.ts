import { describe, expect, it } from 'vitest'
import type { EngineInfo } from '../../lib/docker/engine.ts'
import { engineVariables, readerOf } from './engine-host.ts'

const engine = (changes: Partial<EngineInfo>) => ({ product: 'Docker', ...changes }) as EngineInfo

describe('engineVariables', () => {
  it('names the socket beside the address, so that the engine makes no folder /var/run/docker.sock', () => {
    const host = 'unix:///run/user/1000/docker.sock'
    const variables = { DOCKER_HOST: host, DOCKER_SOCK: '/run/user/1000/docker.sock' }
    expect(engineVariables(engine({ host }), {}, 'linux')).toEqual(variables)
    expect(engineVariables(engine({ host: '/run/user/1000/docker.sock' }), {}, 'linux')).toEqual(variables)
  })

  it('leaves the socket of a virtual machine to k3d, and one that the user named to the user', () => {
    const host = 'unix:///home/me/.docker/desktop/docker.sock'
    expect(engineVariables(engine({ host, product: 'Docker Desktop' }), {}, 'linux')).toEqual({
      DOCKER_HOST: host,
    })
    expect(engineVariables(engine({ host }), {}, 'darwin')).toEqual({ DOCKER_HOST: host })
    expect(engineVariables(engine({ host }), { DOCKER_SOCK: '/x' }, 'linux')).toEqual({ DOCKER_HOST: host })
  })

  it('names the socket that Podman tells, which in its virtual machine is another than here', () => {
    const host = 'unix:///var/folders/x/podman/podman-machine-default-api.sock'
    const podman = engine({ host, product: 'Podman', socket: '/run/user/501/podman/podman.sock' })
    expect(engineVariables(podman, {}, 'darwin')).toEqual({
      DOCKER_HOST: host,
      DOCKER_SOCK: '/run/user/501/podman/podman.sock',
    })
  })

  it('has no socket to name for an address over TCP', () => {
    const host = 'tcp://127.0.0.1:2375'
    expect(engineVariables(engine({ host }), {}, 'linux')).toEqual({ DOCKER_HOST: host })
  })
})

describe('readerOf', () => {
  const rootless = { SecurityOptions: ['name=seccomp,profile=builtin', 'name=rootless'] }

  it('is whom the engine showed as the owner', () => {
    expect(readerOf({}, 501, 1000)).toBe(501)
    expect(readerOf(rootless, 0, 1000)).toBe(0)
  })

  it('is the user who runs devenv where it does not tell, or root where a rootless engine maps that user to it', () => {
    expect(readerOf({}, undefined, 1000)).toBe(1000)
    expect(readerOf(rootless, undefined, 1000)).toBe(0)
  })
})
