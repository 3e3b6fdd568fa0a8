/** The API itself: discovery, writes, watches, server-side apply, garbage collection, namespaces. */
import { CoreV1Api, type KubernetesObject, KubernetesObjectApi, Watch } from '@kubernetes/client-node'
import { expect } from 'vitest'
import { KubeError } from '../../../src/lib/kube/errors.ts'
import { type ContractCase, eventually, webDeployment } from '../case.ts'

const CONFIGMAPS = 'v1/configmaps'

export const apiCases: ContractCase[] = [
  {
    name: 'the official client creates, reads, patches, lists and deletes',
    async run({ official, namespace }) {
      const core = official.makeApiClient(CoreV1Api)
      await core.createNamespacedConfigMap({
        namespace,
        body: { metadata: { name: 'a', labels: { tier: 'one' } }, data: { x: '1' } },
      })
      const read = await core.readNamespacedConfigMap({ name: 'a', namespace })
      expect(read.data).toEqual({ x: '1' })
      expect(read.metadata?.uid).toMatch(/^[0-9a-f-]{36}$/)
      const list = await core.listNamespacedConfigMap({ namespace, labelSelector: 'tier in (one,two)' })
      expect(list.items.map((item) => item.metadata?.name)).toEqual(['a'])
      await core.deleteNamespacedConfigMap({ name: 'a', namespace })
      await expect(core.readNamespacedConfigMap({ name: 'a', namespace })).rejects.toMatchObject({
        code: 404,
      })
    },
  },
  {
    name: 'custom resources of the operators are served, with their columns',
    async run({ official, kube, namespace }) {
      const objects = KubernetesObjectApi.makeApiClient(official)
      const created = await objects.create({
        apiVersion: 'keda.sh/v1alpha1',
        kind: 'TriggerAuthentication',
        metadata: { name: 'auth', namespace },
        spec: { secretTargetRef: [{ parameter: 'password', name: 's', key: 'k' }] },
      } as KubernetesObject)
      expect(created.metadata?.name).toBe('auth')
      const crd = await kube.get('apiextensions.k8s.io/v1/customresourcedefinitions', 'scaledobjects.keda.sh')
      expect(crd.status.conditions).toEqual(
        expect.arrayContaining([expect.objectContaining({ type: 'Established', status: 'True' })]),
      )
      await expect(
        kube.create('keda.sh/v1alpha1/scaledobjects', {
          apiVersion: 'keda.sh/v1alpha1',
          kind: 'ScaledObject',
          metadata: { name: 'bad', namespace },
          spec: { triggers: 'none' },
        }),
      ).rejects.toMatchObject({
        code: 422,
      })
    },
  },
  {
    name: 'a watch tells of what happened since a list, in order',
    async run({ official, kube, namespace }) {
      const { resourceVersion } = await kube.list(CONFIGMAPS, { namespace })
      const seen: string[] = []
      const { promise: ended, resolve } = Promise.withResolvers<void>()
      const request = await new Watch(official).watch(
        `/api/v1/namespaces/${namespace}/configmaps`,
        { resourceVersion, fieldSelector: 'metadata.name=w' },
        (type) => {
          seen.push(type)
          if (type === 'DELETED') resolve()
        },
        () => resolve(),
      )
      await kube.create(CONFIGMAPS, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'w', namespace },
      })
      await kube.patch(CONFIGMAPS, 'w', { data: { a: '1' } }, { namespace })
      await kube.patch(CONFIGMAPS, 'w', { data: { a: '1' } }, { namespace })
      await kube.delete(CONFIGMAPS, 'w', { namespace })
      await ended
      request.abort()
      expect(seen).toEqual(['ADDED', 'MODIFIED', 'DELETED'])
    },
  },
  {
    name: 'a stale update is a conflict',
    async run({ kube, namespace }) {
      const first = await kube.create(CONFIGMAPS, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'c', namespace },
      })
      await kube.patch(CONFIGMAPS, 'c', { data: { a: '1' } }, { namespace })
      const error = await kube.update(CONFIGMAPS, { ...first, data: { a: '2' } }).catch((thrown) => thrown)
      expect(error).toBeInstanceOf(KubeError)
      expect(error).toMatchObject({ code: 409, reason: 'Conflict' })
    },
  },
  {
    name: 'server-side apply shares, takes and gives up fields',
    async run({ kube, namespace }) {
      const at = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'ssa', namespace } }
      await kube.apply(CONFIGMAPS, { ...at, data: { a: '1', b: '1' } }, { fieldManager: 'one', force: false })
      const conflict = await kube
        .apply(CONFIGMAPS, { ...at, data: { a: '2' } }, { fieldManager: 'two', force: false })
        .catch((thrown) => thrown)
      expect(conflict).toMatchObject({ code: 409 })
      expect(conflict.message).toContain('conflict with "one"')
      await kube.apply(CONFIGMAPS, { ...at, data: { a: '2' } }, { fieldManager: 'two', force: true })
      const left = await kube.apply(CONFIGMAPS, { ...at, data: {} }, { fieldManager: 'one', force: false })
      expect(left.data).toEqual({ a: '2' })
    },
  },
  {
    name: 'deleting an owner deletes what it owns',
    async run(context) {
      const { kube, namespace } = context
      await kube.create('apps/v1/deployments', webDeployment(context, 'gone', 1))
      await eventually(kube, 'apps/v1/deployments', 'gone', namespace, (object) =>
        object?.status?.replicas === 1 ? undefined : 'no pod yet',
      )
      await kube.delete('apps/v1/deployments', 'gone', { namespace, propagationPolicy: 'Foreground' })
      await eventually(kube, 'apps/v1/deployments', 'gone', namespace, (object) =>
        object ? 'still there' : undefined,
      )
      expect((await kube.list('apps/v1/replicasets', { namespace })).items).toEqual([])
    },
  },
  {
    name: 'a namespace takes everything in it along',
    async run({ kube, namespace }) {
      const name = `${namespace}-x`
      await kube.create('v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
      await kube.create(CONFIGMAPS, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'inside', namespace: name },
      })
      await kube.delete('v1/namespaces', name)
      await eventually(kube, 'v1/namespaces', name, undefined, (object) =>
        object ? `phase ${object.status?.phase}` : undefined,
      )
      const refused = await kube
        .create(CONFIGMAPS, {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'late', namespace: name },
        })
        .catch((thrown) => thrown)
      expect(refused).toMatchObject({ code: 404 })
    },
  },
  {
    name: 'unknown fields are refused under strict validation',
    async run({ kube, namespace }) {
      const body = {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'x', namespace },
        spec: { replica: 1 },
      }
      const error = await kube
        .raw('POST', `/apis/apps/v1/namespaces/${namespace}/deployments?fieldValidation=Strict`, body)
        .catch((thrown) => thrown)
      expect(error).toMatchObject({ code: 400 })
      expect(error.message).toContain('unknown field "spec.replica"')
    },
  },
]
