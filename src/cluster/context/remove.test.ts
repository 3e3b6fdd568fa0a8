/** Removal by labels alone, on an API server with real deletion, finalizers and namespaces. */
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EmbeddedCluster, startEmbeddedCluster } from '../../embedded/cluster.ts'
import { systemClock } from '../../lib/clock.ts'
import { KubeClient } from '../../lib/kube/client.ts'
import { installObjects } from '../../lib/kube/install.ts'
import type { KubeObject } from '../../lib/kube/object.ts'
import { owned } from '../../lib/kube/owned.ts'
import { removeOwned } from '../../lib/kube/remove-owned.ts'
import { silentLogger } from '../../lib/log.ts'
import { removeFromCluster } from './remove.ts'

let folder: string
let cluster: EmbeddedCluster
let kube: KubeClient

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dvr-'))
  cluster = await startEmbeddedCluster({
    name: 'remove',
    stateDir: join(folder, 'cluster'),
    cacheDir: join(folder, 'cache'),
    checkout: folder,
    images: { file: 'devenv/images.yaml', rules: [] },
    apiPort: 0,
    hpaSyncPeriodMs: 60_000,
    clock: systemClock,
    log: silentLogger,
  })
  kube = await KubeClient.fromFile(cluster.kubeconfig)
}, 60_000)
afterAll(async () => {
  kube?.close()
  await cluster?.stop(true)
  await rm(folder, { recursive: true, force: true })
})

const namespace = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
const crd = (plural: string, kind: string): KubeObject => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.example.com` },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
})

async function install(environment: string, objects: KubeObject[]): Promise<void> {
  await installObjects(
    kube,
    objects.map((object) => owned(object, environment)),
    { title: 'test', environment, signal: new AbortController().signal, waiting: () => undefined },
  )
}

describe('removeFromCluster', () => {
  it('removes exactly what is the environment’s own', async () => {
    const stateDir = join(folder, 'state', 'mine')
    await mkdir(stateDir, { recursive: true })
    await writeFile(join(stateDir, 'kubeconfig'), '')
    await kube.create('v1/namespaces', namespace('theirs'))
    const configMap = (name: string, where: string): KubeObject => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: where },
    })
    await kube.create('v1/configmaps', configMap('theirs', 'theirs'))
    await install('other', [namespace('other'), configMap('kept', 'other')])
    await install('mine', [
      namespace('mine'),
      namespace('theirs'),
      crd('widgets', 'Widget'),
      crd('gadgets', 'Gadget'),
      configMap('mine', 'theirs'),
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: { name: 'mine' },
        rules: [],
      },
    ])
    // A finalizer that nobody serves any more, and an object of somebody else's on our CRD.
    await kube.create('example.com/v1/widgets', {
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      metadata: { name: 'w', namespace: 'mine' },
    })
    await kube.create('example.com/v1/gadgets', {
      apiVersion: 'example.com/v1',
      kind: 'Gadget',
      metadata: { name: 'g', namespace: 'theirs' },
    })
    const text = await import('node:fs/promises').then((fs) => fs.readFile(cluster.kubeconfig, 'utf8'))
    await writeFile(join(stateDir, 'kubeconfig'), text)

    const left = await removeFromCluster(
      { name: 'mine', stateDir, context: undefined, env: {} },
      () => undefined,
    )
    expect(left).toEqual([
      {
        kind: 'object',
        what: 'CustomResourceDefinition gadgets.example.com',
        why: expect.stringContaining('theirs/g'),
      },
    ])
    expect(existsSync(stateDir)).toBe(true)
    expect(await kube.find('v1/namespaces', 'mine')).toBeUndefined()
    expect(await kube.find('v1/configmaps', 'mine', { namespace: 'theirs' })).toBeUndefined()
    expect(await kube.find('rbac.authorization.k8s.io/v1/clusterroles', 'mine')).toBeUndefined()
    const crds = 'apiextensions.k8s.io/v1/customresourcedefinitions'
    expect(await kube.find(crds, 'widgets.example.com')).toBeUndefined()
    expect(await kube.find('v1/configmaps', 'theirs', { namespace: 'theirs' })).toBeDefined()
    expect((await kube.find('v1/namespaces', 'theirs'))?.metadata.labels ?? {}).not.toHaveProperty(
      'devenv/environment',
    )
    expect(await kube.find('v1/configmaps', 'kept', { namespace: 'other' })).toBeDefined()

    await kube.delete('example.com/v1/gadgets', 'g', { namespace: 'theirs' })
    expect(
      await removeFromCluster({ name: 'mine', stateDir, context: undefined, env: {} }, () => undefined),
    ).toEqual([])
    expect(existsSync(stateDir)).toBe(false)
  })

  it('keeps the record of a cluster that does not answer', async () => {
    const stateDir = join(folder, 'state', 'away')
    await mkdir(stateDir, { recursive: true })
    await writeFile(
      join(stateDir, 'kubeconfig'),
      'apiVersion: v1\nkind: Config\ncurrent-context: a\ncontexts: [{name: a, context: {cluster: a}}]\nclusters: [{name: a, cluster: {server: "http://127.0.0.1:9"}}]\n',
    )
    const left = await removeFromCluster(
      { name: 'away', stateDir, context: undefined, env: {} },
      () => undefined,
    )
    expect(left).toMatchObject([{ kind: 'cluster' }])
    expect(existsSync(stateDir)).toBe(true)
  })

  it('counts as removed what an API server deleted without an answer', async () => {
    await install('breathless', [namespace('breathless'), crd('gasps', 'Gasp')])
    const breathless = new Proxy(kube, {
      get(target, key) {
        const value = Reflect.get(target, key)
        if (key !== 'delete') return typeof value === 'function' ? value.bind(target) : value
        return async (...args: Parameters<KubeClient['delete']>) => {
          await target.delete(...args)
          throw new Error('nothing within 30 s')
        }
      },
    })
    expect(await removeOwned(breathless, 'breathless', () => undefined)).toEqual([])
  })
})
