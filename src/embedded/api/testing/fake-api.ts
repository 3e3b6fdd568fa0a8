/** An API server over the fake catalog, with a clock that tests drive. */
import { FakeClock } from '../../../lib/clock.ts'
import type { Manifest } from '../../objects.ts'
import { type Api, createApi } from '../create-api.ts'
import { fakeCatalog } from './fake-catalog.ts'

export interface FakeApi extends Api {
  clock: FakeClock
}

/** A fresh API server in memory, or on `storeFile`, with the namespace `default`. */
export function fakeApi(storeFile?: string): FakeApi {
  const clock = new FakeClock()
  let next = 1
  const taken = new Set<string>()
  const api = createApi({
    catalog: fakeCatalog(),
    clock,
    ...(storeFile === undefined ? {} : { storeFile }),
    allocator: {
      allocate() {
        let ip = ''
        do ip = `127.96.0.${next++}`
        while (taken.has(ip))
        taken.add(ip)
        return ip
      },
      reserve: (ip) => void taken.add(ip),
    },
  })
  if (!api.client.get('v1/namespaces', undefined, 'default')) {
    api.client.create('v1/namespaces', namespace('default'))
  }
  return Object.assign(api, { clock })
}

export function namespace(name: string): Manifest {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }
}

export function pod(name: string, spec: Record<string, unknown> = {}): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: { containers: [{ name: 'app', image: 'app:1' }], ...spec },
  }
}

export function deployment(name: string, spec: Record<string, unknown> = {}): Manifest {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default' },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'app', image: 'app:1' }] },
      },
      ...spec,
    },
  }
}

export function configMap(name: string, data: Record<string, string> = {}): Manifest {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' }, data }
}
