import { describe, expect, it } from 'vitest'
import type { EngineInfo } from '../../lib/docker/engine.ts'
import { productOf } from '../../lib/docker/product.ts'
import { DOCUMENTED, type EngineAnswers, RECORDED } from '../../lib/docker/testing/engines.ts'
import { checkSuitable, type Machine } from './suitable.ts'

/** The machine of the recorded engines. */
const HERE: Machine = {
  platform: 'linux',
  hostname: 'laptop',
  addresses: ['127.0.0.1', '192.168.1.20'],
  has: () => true,
}
const SOCKET = 'unix:///var/run/docker.sock'

function refusalOf(
  { info, version, podman }: EngineAnswers,
  { host = SOCKET, machine = HERE }: { host?: string; machine?: Machine } = {},
) {
  const product = productOf(info, version, 'Docker')
  const asked = {
    ...info,
    host,
    ApiVersion: version.ApiVersion,
    product,
    controllers: podman?.cgroupControllers,
  }
  try {
    checkSuitable(asked as unknown as EngineInfo, machine)
    return undefined
  } catch (thrown) {
    return thrown
  }
}

const refused = (message: RegExp, fix: RegExp) => ({
  code: 'PREFLIGHT',
  exitCode: 3,
  message: expect.stringMatching(message),
  fix: expect.stringMatching(fix),
})

describe('checkSuitable', () => {
  it.each([
    'Docker 20.10',
    'Docker 28, classic image store',
    'Docker 28, containerd image store',
    'Docker 28 on cgroup v2',
    'Podman 5',
  ])('takes %s', (name) => {
    expect(refusalOf(RECORDED[name]!)).toBeUndefined()
  })

  it.each(['Docker Desktop', 'OrbStack', 'Colima', 'Rancher Desktop', 'Podman machine'])(
    'takes %s, whose machine is not this one and forwards its ports',
    (name) => {
      const mac = { platform: 'darwin', hostname: 'mac.local', addresses: [], has: () => false }
      expect(refusalOf(DOCUMENTED[name]!, { machine: mac })).toBeUndefined()
    },
  )

  it('takes a virtual machine on Linux, too', () => {
    const nothing = { ...HERE, hostname: 'desk', has: () => false }
    for (const name of ['Docker Desktop', 'Colima', 'Rancher Desktop', 'Lima'])
      expect(refusalOf(DOCUMENTED[name]!, { machine: nothing })).toBeUndefined()
  })

  it('refuses an engine without root on cgroup v1, and one that lacks controllers, each with its mend', () => {
    expect(refusalOf(RECORDED['Docker 28, rootless on cgroup v1']!)).toMatchObject(
      refused(/without root on cgroup v1/, /cgroup v2/),
    )
    expect(refusalOf(DOCUMENTED["Docker, rootless with systemd's own delegation"]!)).toMatchObject(
      refused(/controllers cpu, cpuset, which/, /Delegate=cpu cpuset/),
    )
    expect(refusalOf(DOCUMENTED["Podman, rootless with systemd's own delegation"]!)).toMatchObject(
      refused(/controllers cpu, cpuset, which/, /Delegate=cpu cpuset/),
    )
    expect(refusalOf(DOCUMENTED['Docker, rootless with all controllers']!)).toBeUndefined()
  })

  it('refuses an engine on another machine by its address, and takes one behind an address of this machine', () => {
    const docker = RECORDED['Docker 20.10']!
    for (const host of ['tcp://build.example.com:2376', 'tcp://10.99.1.2:2375', 'ssh://me@server'])
      expect(refusalOf(docker, { host })).toMatchObject(refused(/another machine \(laptop\)/, /context:NAME/))
    for (const host of ['tcp://127.0.0.1:2375', 'tcp://localhost:2375', 'tcp://192.168.1.20:2375'])
      expect(refusalOf(docker, { host })).toBeUndefined()
  })

  it('refuses a socket that leads elsewhere: another host name, and its folders are not here', () => {
    const container = { ...HERE, hostname: 'devcontainer', has: () => false }
    expect(refusalOf(RECORDED['Docker 20.10']!, { machine: container })).toMatchObject(
      refused(/on another machine/, /run devenv on that one/),
    )
    // The host name alone proves nothing.
    expect(
      refusalOf(RECORDED['Docker 20.10']!, { machine: { ...HERE, hostname: 'renamed' } }),
    ).toBeUndefined()
  })

  it('refuses Windows containers and old engines', () => {
    expect(refusalOf(DOCUMENTED['Windows containers']!)).toMatchObject(refused(/windows containers/, /Linux/))
    const { info, version } = RECORDED['Docker 20.10']!
    expect(refusalOf({ info, version: { ...version, ApiVersion: '1.40' } })).toMatchObject(
      refused(/1\.41 is needed/, /Update/),
    )
  })
})
