import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { operatorsSchema } from '../../config/operators.ts'
import { readYaml } from '../../config/yaml-file.ts'
import { inRegistry, parseReference } from '../../lib/registry/reference.ts'
import { basesOf, sourceOf } from './build-source.ts'
import { neededBuilds } from './builds.ts'
import { composeSchema, wantedContainers } from './compose.ts'
import { type ClusterSpec, clusterConfig } from './config.ts'
import { mirrorsOf, upstreamVariables } from './mirrors.ts'
import { clusterName } from './names.ts'
import { newState, publishedPorts } from './state.ts'
import { overlaps, pickSubnet } from './subnet.ts'

const CHECKOUT = fileURLToPath(new URL('../../..', import.meta.url))

const spec: ClusterSpec = {
  environment: 'demo',
  image: 'docker.io/rancher/k3s:v1.35.8-k3s1',
  size: 'lite',
  cgroupV1: true,
  rootless: false,
  hpaSyncPeriodSeconds: 1,
  apiPort: 6550,
  nodePorts: { 30080: 41000 },
  repositories: { host: '/home/me/$USER/git', node: '/var/lib/devenv/git' },
  volumes: [{ name: 'devenv-demo-node-var-log', path: '/var/log' }],
  mirrors: mirrorsOf('10.200.1'),
  offline: false,
  proxies: {},
}

describe('clusterConfig', () => {
  it('keeps to the loopback address, our labels and our network, with ports as strings', () => {
    const config = parse(clusterConfig(spec))
    expect(config).toMatchObject({
      apiVersion: 'k3d.io/v1alpha5',
      metadata: { name: 'demo' },
      network: 'devenv-demo',
      kubeAPI: { hostIP: '127.0.0.1', hostPort: '6550' },
      ports: [{ port: '127.0.0.1:41000:30080', nodeFilters: ['server:0:direct'] }],
      options: {
        kubeconfig: { updateDefaultKubeconfig: false, switchCurrentContext: false },
        runtime: {
          labels: expect.arrayContaining([{ label: 'devenv/environment=demo', nodeFilters: ['all'] }]),
        },
      },
    })
  })

  it('escapes what k3d would expand', () => {
    const { volumes } = parse(clusterConfig(spec))
    expect(volumes[0].volume).toBe('/home/me/$$USER/git:/var/lib/devenv/git')
    expect(volumes[1]).toEqual({ volume: 'devenv-demo-node-var-log:/var/log', nodeFilters: ['server:0'] })
  })

  it('tells kubelets of cgroup v1 only where it is, and leaves addons out of a lite one', () => {
    const args = (changes: Partial<ClusterSpec>) =>
      parse(clusterConfig({ ...spec, ...changes })).options.k3s.extraArgs.map(
        ({ arg }: { arg: string }) => arg,
      )
    expect(args({})).toEqual(
      expect.arrayContaining([
        '--kubelet-arg=fail-cgroupv1=false',
        '--disable=traefik',
        '--kube-controller-manager-arg=horizontal-pod-autoscaler-sync-period=1s',
      ]),
    )
    expect(args({ cgroupV1: false, size: 'full' }).join(' ')).not.toMatch(/cgroup|disable|UserNamespace/)
    expect(args({ rootless: true })).toContain('--kubelet-arg=feature-gates=KubeletInUserNamespace=true')
  })

  it('gives nodes thresholds in bytes: percentages of a large disk would keep pods away', () => {
    const text = JSON.stringify(parse(clusterConfig(spec)).options.k3s.extraArgs)
    expect(text).toMatch(/eviction-hard=imagefs\.available<\d+Mi,nodefs\.available<\d+Mi/)
    expect(text).toContain('image-gc-high-threshold=100')
  })

  it('publishes traefik’s ports where there is one', async () => {
    const state = await newState('unix:///x', '10.200.1')
    const { http, https } = state.ingressPorts!
    expect(publishedPorts(state, 'full')).toMatchObject({
      80: http,
      443: https,
      30080: state.endpointPorts.coreApi,
    })
    expect(publishedPorts(state, 'lite')).not.toHaveProperty('80')
  })

  it('offline, keeps nodes to the mirrors, which have no upstream', async () => {
    const args = JSON.stringify(parse(clusterConfig({ ...spec, offline: true })).options.k3s.extraArgs)
    expect(args).toContain('--disable-default-registry-endpoint')
    expect(clusterConfig(spec)).not.toContain('default-registry-endpoint')
    const lock = await readYaml(`${CHECKOUT}/devenv/operators.lock.yaml`, operatorsSchema, CHECKOUT)
    expect(new Set(Object.values(upstreamVariables(lock.mirrors, true)))).toEqual(new Set(['']))
  })

  it('sends nodes to what was built here first, then to the mirror', () => {
    const registries = parse(parse(clusterConfig(spec)).registries.config)
    expect(registries.mirrors['ghcr.io'].endpoint).toEqual([
      'http://10.200.1.242:5000',
      'http://10.200.1.246:5000',
    ])
  })
})

describe('compose/compose.yaml', async () => {
  const compose = await readYaml(`${CHECKOUT}/compose/compose.yaml`, composeSchema, CHECKOUT)
  const lock = await readYaml(`${CHECKOUT}/devenv/operators.lock.yaml`, operatorsSchema, CHECKOUT)
  const variables = {
    BASE: '10.200.1',
    VAULT_IMAGE: 'vault:1',
    VAULT_PORT: '1',
    VAULT_ROOT_TOKEN: 'root',
    POSTGRES_IMAGE: 'postgres:1',
    POSTGRES_PORT: '2',
    POSTGRES_USER: 'u',
    POSTGRES_PASSWORD: 'p',
    POSTGRES_DB: 'd',
    REGISTRY_IMAGE: 'registry:1',
    REGISTRY_PORT: '3',
    ...upstreamVariables(lock.mirrors),
  }

  it('becomes containers with fixed addresses, loopback ports and the environment’s labels', () => {
    const containers = wantedContainers(compose, 'demo', variables)
    const vault = containers.find(({ service }) => service === 'vault')
    expect(vault?.create).toMatchObject({
      Image: 'vault:1',
      Env: expect.arrayContaining(['VAULT_DEV_ROOT_TOKEN_ID=root']),
      HostConfig: {
        CapAdd: ['IPC_LOCK'],
        PortBindings: { '8200/tcp': [{ HostIp: '127.0.0.1', HostPort: '1' }] },
      },
      NetworkingConfig: {
        EndpointsConfig: { 'devenv-demo': { IPAMConfig: { IPv4Address: '10.200.1.240' } } },
      },
      Labels: { 'app.kubernetes.io/managed-by': 'devenv', 'devenv/environment': 'demo' },
    })
  })

  it('gives mirrors a store of all environments, and the database one of its own', () => {
    const volumes = Object.fromEntries(
      wantedContainers(compose, 'demo', variables).map(({ service, volumes: list }) => [service, list]),
    )
    expect(volumes['mirror-ghcr']).toEqual([{ name: 'devenv-mirror-ghcr-io', shared: true }])
    expect(volumes.postgres).toEqual([{ name: 'devenv-demo-postgres', shared: false }])
  })

  it('changes its mark with what a container is made of', () => {
    const mark = (changes: object) =>
      wantedContainers(compose, 'demo', { ...variables, ...changes }).map(
        ({ create }) => (create.Labels as Record<string, string>)['devenv/spec'],
      )
    expect(mark({})).toEqual(mark({}))
    expect(mark({ VAULT_IMAGE: 'vault:2' })[0]).not.toBe(mark({})[0])
  })

  it('refuses a port on every interface, and a variable that nobody gave', () => {
    const open = structuredClone(compose)
    open.services.vault!.ports = ['0.0.0.0:1:2']
    expect(() => wantedContainers(open, 'demo', variables)).toThrow(/not on 127\.0\.0\.1/)
    expect(() => wantedContainers(compose, 'demo', {})).toThrow(/nobody gave/)
  })

  it('has the addresses that nodes and Services are told', async () => {
    const text = await readFile(`${CHECKOUT}/compose/compose.yaml`, 'utf8')
    const told = Object.values(mirrorsOf('B'))
      .flat()
      .map((url) => /B\.(\d+)/.exec(url)?.[1])
    for (const last of told) expect(text).toContain(`\${BASE}.${last}`)
  })
})

describe('references', () => {
  it('are read as Docker reads them', () => {
    expect(parseReference('rabbitmq')).toEqual({
      registry: 'docker.io',
      repository: 'library/rabbitmq',
      suffix: ':latest',
    })
    expect(parseReference('devenv/llm:local')).toMatchObject({
      registry: 'docker.io',
      repository: 'devenv/llm',
    })
    expect(parseReference('localhost:5000/a/b:1@sha256:abc')).toEqual({
      registry: 'localhost:5000',
      repository: 'a/b',
      suffix: ':1@sha256:abc',
    })
  })

  it('are rewritten to the environment’s registry under their own repository', () => {
    const registry = '127.0.0.1:5001'
    expect(inRegistry('ghcr.io/csu-itmo-2025-2/team1-core-api:sha-1234567', registry)).toBe(
      '127.0.0.1:5001/csu-itmo-2025-2/team1-core-api:sha-1234567',
    )
    expect(inRegistry('rabbitmq:3.13', registry)).toBe('127.0.0.1:5001/library/rabbitmq:3.13')
  })

  it('that need no build have the same source', async () => {
    const build = { image: 'a', context: 'workloads', dockerfile: 'llm/Dockerfile', args: {} }
    const source = await sourceOf(build, CHECKOUT)
    expect(await sourceOf({ ...build, image: 'b' }, CHECKOUT)).toBe(source)
    expect(await sourceOf({ ...build, args: { QUEUE: '1' } }, CHECKOUT)).not.toBe(source)
    expect(await sourceOf({ ...build, context: 'workloads/llm' }, CHECKOUT)).not.toBe(source)
    expect(await basesOf(build, CHECKOUT)).toEqual(['node:24-alpine'])
  })

  it('decide what is built: the first rule that fits, each image once', () => {
    const rules = [
      { match: 'ghcr.io/x/api:*', context: 'w', dockerfile: 'a' },
      { match: 'ghcr.io/x/*', context: 'w', dockerfile: 'b', args: { Q: '1' } },
    ]
    expect(neededBuilds(['ghcr.io/x/api:1', 'ghcr.io/x/w:1', 'ghcr.io/x/api:1', 'redis:8'], rules)).toEqual([
      { image: 'ghcr.io/x/api:1', context: 'w', dockerfile: 'a', args: {} },
      { image: 'ghcr.io/x/w:1', context: 'w', dockerfile: 'b', args: { Q: '1' } },
    ])
  })
})

describe('networks', () => {
  it('overlap by their common bits', () => {
    expect(overlaps('10.200.0.0/13', '10.201.7.0/24')).toBe(true)
    expect(overlaps('172.17.0.0/16', '10.201.7.0/24')).toBe(false)
    expect(overlaps('0.0.0.0/0', '10.1.1.0/24')).toBe(true)
    expect(overlaps('fd00::/8', '10.1.1.0/24')).toBe(false)
  })

  it('of one name stay the same, and step aside for what is there', () => {
    const first = pickSubnet('demo', [])
    expect(pickSubnet('demo', [])).toBe(first)
    expect(pickSubnet('demo', [`${first}.0/24`])).not.toBe(first)
    expect(() => pickSubnet('demo', ['10.0.0.0/8'])).toThrow(/taken/)
  })
})

it('shortens names for k3d without making two the same', () => {
  const long = 'a-very-long-environment-name-indeed-12'
  expect(clusterName('demo')).toBe('demo')
  expect(clusterName(long)).toHaveLength(32)
  expect(clusterName(long)).not.toBe(clusterName(`${long}3`))
})
