/** The environment's parts against the kubelet's documented cases. */
import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../objects.ts'
import { expand } from './expand.ts'
import { fieldValue, resourceValue } from './field-ref.ts'
import { serviceVariables } from './services.ts'

describe('expand', () => {
  const lookup = (name: string) => ({ A: 'a', EMPTY: '', REF: '$(A)' })[name]
  it.each([
    ['$(A)', 'a'],
    ['x$(A)y$(A)', 'xaya'],
    ['$(EMPTY)|', '|'],
    ['$(REF)', '$(A)'],
    ['$(NOPE)', '$(NOPE)'],
    ['$$(A)', '$(A)'],
    ['$$$(A)', '$a'],
    ['$A $', '$A $'],
    ['$(A', '$(A'],
    ['$()', '$()'],
  ])('%s → %s', (text, result) => {
    expect(expand(text, lookup)).toBe(result)
  })
})

it('Service variables are named as docker links are', () => {
  const service = {
    metadata: { name: 'my-db' },
    spec: {
      clusterIP: '127.9.128.1',
      ports: [
        { name: 'sql-port', port: 5432 },
        { name: 'dns', port: 53, protocol: 'UDP' },
      ],
    },
  } as unknown as KubeObject
  expect(serviceVariables([service])).toEqual({
    MY_DB_SERVICE_HOST: '127.9.128.1',
    MY_DB_SERVICE_PORT: '5432',
    MY_DB_SERVICE_PORT_SQL_PORT: '5432',
    MY_DB_SERVICE_PORT_DNS: '53',
    MY_DB_PORT: 'tcp://127.9.128.1:5432',
    MY_DB_PORT_5432_TCP: 'tcp://127.9.128.1:5432',
    MY_DB_PORT_5432_TCP_PROTO: 'tcp',
    MY_DB_PORT_5432_TCP_PORT: '5432',
    MY_DB_PORT_5432_TCP_ADDR: '127.9.128.1',
    MY_DB_PORT_53_UDP: 'udp://127.9.128.1:53',
    MY_DB_PORT_53_UDP_PROTO: 'udp',
    MY_DB_PORT_53_UDP_PORT: '53',
    MY_DB_PORT_53_UDP_ADDR: '127.9.128.1',
  })
  const headless = { metadata: { name: 'h' }, spec: { clusterIP: 'None', ports: [{ port: 1 }] } }
  expect(serviceVariables([headless as unknown as KubeObject])).toEqual({})
})

describe('downward API', () => {
  const pod = {
    metadata: { name: 'p', namespace: 'n', uid: 'u', labels: { 'a.b/c': 'x' } },
    spec: { nodeName: 'node' },
  }
  const addresses = { podIP: '127.9.0.2', hostIP: '127.9.0.1' }
  it.each([
    ['metadata.name', 'p'],
    ["metadata.labels['a.b/c']", 'x'],
    ["metadata.annotations['none']", ''],
    ['metadata.labels', 'a.b/c="x"'],
    ['spec.nodeName', 'node'],
    ['status.podIP', '127.9.0.2'],
    ['status.hostIP', '127.9.0.1'],
  ])('%s → %s', (path, value) => {
    expect(fieldValue(pod as unknown as KubeObject, path, addresses)).toBe(value)
  })

  const container = { resources: { limits: { cpu: '250m' }, requests: { memory: '64Mi' } } }
  const node = { cpu: 4, memory: 8 * 2 ** 30, ephemeralStorage: 10 }
  it.each([
    ['limits.cpu', undefined, '1'],
    ['limits.cpu', '1m', '250'],
    ['limits.memory', '1Mi', '8192'],
    ['requests.memory', '1Ki', '65536'],
    ['requests.cpu', '1m', '0'],
  ])('%s in %s → %s', (resource, divisor, value) => {
    expect(resourceValue(container, { resource, divisor }, node)).toBe(value)
  })
})
