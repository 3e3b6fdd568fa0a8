/** The form in which built-in objects are kept, against the answers of a real kube-apiserver 1.35 to the same manifests. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FakeClock } from '../../../lib/clock.ts'
import type { KubeObject, Manifest } from '../../objects.ts'
import { createCatalog } from '../../schema/index.ts'
import { type Api, createApi } from '../create-api.ts'

interface Pair {
  manifest: Manifest
  /** Without what differs from one creation to the next, and without nulls. */
  stored: Record<string, any>
}

const FILE = join(import.meta.dirname, '../../../../test/golden/stored-objects.json')
const PAIRS: Pair[] = JSON.parse(readFileSync(FILE, 'utf8'))

const catalog = createCatalog()
let api: Api
beforeAll(() => {
  let next = 1
  const allocator = { allocate: () => `127.96.0.${next++}`, reserve() {} }
  api = createApi({ catalog, clock: new FakeClock(), allocator })
  const metadata = { name: 'default' }
  api.client.create('v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata })
})
afterAll(() => api[Symbol.dispose]())

function resourceOf({ apiVersion, kind }: Manifest): string {
  const info = catalog.resources().find((one) => {
    const version = one.group ? `${one.group}/${one.version}` : one.version
    return version === apiVersion && one.kind === kind
  })!
  return `${apiVersion}/${info.plural}`
}

/** What of an object does not depend on when and where it was made. */
function lasting({ metadata, ...rest }: KubeObject): Record<string, any> {
  const {
    uid,
    resourceVersion: _version,
    creationTimestamp: _time,
    managedFields: _fields,
    ...kept
  } = metadata
  const copy = JSON.parse(JSON.stringify({ ...rest, metadata: kept }).replaceAll(uid, 'UID'))
  const ip = copy.spec?.clusterIP
  if (ip && ip !== 'None') Object.assign(copy.spec, { clusterIP: 'IP', clusterIPs: ['IP'] })
  return copy
}

describe('built-in objects are stored as a real API server stores them', () => {
  it.each(PAIRS)('$manifest.kind $manifest.metadata.name', ({ manifest, stored }) => {
    expect(lasting(api.client.create(resourceOf(manifest), manifest))).toEqual(stored)
  })

  it('and an update that only adds empty lists changes nothing', () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'same', namespace: 'default' } }
    const spec = { containers: [{ name: 'a', image: 'b:1', resources: { limits: { cpu: '1' } } }] }
    const made = api.client.create('v1/pods', { ...pod, spec })
    const containers = [{ ...made.spec.containers[0], env: [], resources: { limits: { cpu: '1000m' } } }]
    const written = api.client.update('v1/pods', { ...made, spec: { ...made.spec, containers, volumes: [] } })
    expect(written.metadata.resourceVersion).toBe(made.metadata.resourceVersion)
  })
})
