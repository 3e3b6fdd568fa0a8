/** Argo CD: what sync options, retries and ignored paths change about a sync. */
import { expect } from 'vitest'
import { AUTOMATED, CONFIG_MAPS, configMap, dataOf, TestApplication } from '../application.ts'
import { type ContractCase, webDeployment } from '../case.ts'

const NAMESPACES = 'v1/namespaces'
const CRDS = 'apiextensions.k8s.io/v1/customresourcedefinitions'

export const syncOptionCases: ContractCase[] = [
  {
    name: 'Argo CD: CreateNamespace makes the namespace with its labels, ServerSideApply owns what it applies',
    async run(context) {
      const { kube, repository } = context
      const namespace = `${context.namespace}-made`
      const app = new TestApplication(context)
      const revision = await repository.commit({ 'a.yaml': configMap('a', '1') })
      try {
        await app.create({
          destination: { server: 'https://kubernetes.default.svc', namespace },
          syncPolicy: {
            ...AUTOMATED,
            syncOptions: ['CreateNamespace=true', 'ServerSideApply=true'],
            managedNamespaceMetadata: { labels: { team: 'one' } },
          },
        })
        await app.synced(revision)
        expect((await kube.get(NAMESPACES, namespace)).metadata.labels).toMatchObject({ team: 'one' })
        const { metadata } = await kube.get(CONFIG_MAPS, 'a', { namespace })
        expect(metadata.managedFields).toMatchObject([
          { manager: 'argocd-controller', operation: 'Apply', apiVersion: 'v1' },
        ])
        expect(metadata.annotations).not.toHaveProperty('kubectl.kubernetes.io/last-applied-configuration')
        await app.remove()
        // The namespace is nobody's resource: it stays.
        expect((await kube.get(NAMESPACES, namespace)).metadata.deletionTimestamp).toBeUndefined()
      } finally {
        if (await kube.find(NAMESPACES, namespace)) await kube.delete(NAMESPACES, namespace)
      }
    },
  },
  {
    name: 'Argo CD: ApplyOutOfSyncOnly applies what differs, and a path that jq ignores is nobody’s drift',
    async run(context) {
      const { kube, namespace, repository } = context
      const app = new TestApplication(context)
      const first = await repository.commit({ 'a.yaml': configMap('a', '1'), 'b.yaml': configMap('b', '1') })
      await app.create({
        syncPolicy: {},
        ignoreDifferences: [
          { group: '', kind: 'ConfigMap', name: 'b', jqPathExpressions: ['.data | select(.value)'] },
        ],
      })
      await app.sync()
      await app.synced(first)
      await kube.patch(CONFIG_MAPS, 'b', { data: { value: 'by hand' } }, { namespace })
      const second = await repository.commit({ 'a.yaml': configMap('a', '2') })
      await app.refresh()
      const compared = await app.until(
        ({ sync }) => sync?.revision === second && sync.status === 'OutOfSync',
        'out of sync',
      )
      expect(compared.status.resources.map((row: any) => [row.name, row.status])).toEqual([
        ['a', 'OutOfSync'],
        ['b', 'Synced'],
      ])
      // Operations bring their own options: clients copy those of the Application.
      await app.sync({ syncOptions: ['ApplyOutOfSyncOnly=true'] })
      const synced = await app.synced(second)
      expect(synced.status.operationState.syncResult.resources).toMatchObject([
        { name: 'a', status: 'Synced', message: 'configmap/a configured' },
      ])
      expect(await dataOf(context, 'b')).toBe('by hand')
      await app.remove()
    },
  },
  {
    name: 'Argo CD: PruneLast prunes after everything is healthy, and a terminated operation has pruned nothing',
    async run(context) {
      const { repository } = context
      const app = new TestApplication(context)
      const first = await repository.commit({ 'old.yaml': configMap('old', '1') })
      await app.create({ syncPolicy: {} })
      await app.sync()
      await app.synced(first)
      const { metadata, ...web } = webDeployment(context, 'web', 1, {
        probe: { tcpSocket: { port: 9 }, periodSeconds: 1 },
      })
      await repository.commit({ 'old.yaml': null, 'web.yaml': { ...web, metadata: { name: metadata.name } } })
      await app.sync({ prune: true, syncOptions: ['PruneLast=true'] })
      await app.until(
        ({ operationState }) =>
          /^waiting for healthy state of apps\/Deployment\/web/.test(operationState?.message),
        'waiting for the Deployment',
      )
      expect(await dataOf(context, 'old')).toBe('1')
      await app.patch({ status: { operationState: { phase: 'Terminating' } } })
      const ended = await app.until(({ operationState }) => operationState?.finishedAt, 'terminated')
      expect(ended.status.operationState).toMatchObject({ phase: 'Failed', message: 'Operation terminated' })
      expect(await dataOf(context, 'old')).toBe('1')
      await app.remove()
    },
  },
  {
    name: 'Argo CD: a custom resource comes with its definition; a failed sync is tried again as often as it says',
    async run(context) {
      const { kube, namespace, repository } = context
      const app = new TestApplication(context)
      const group = `${namespace}.example`
      const definition = `things.${group}`
      const thing = (name: string) => ({ apiVersion: `${group}/v1`, kind: 'Thing', metadata: { name } })
      const first = await repository.commit({ 'crd.yaml': crd(group), 'thing.yaml': thing('one') })
      await app.create({ syncPolicy: {} })
      await app.sync()
      await app.synced(first)
      expect(await kube.get(`${group}/v1/things`, 'one', { namespace })).toMatchObject({ kind: 'Thing' })
      const broken = { apiVersion: 'contract.example/v1', kind: 'Rule', metadata: { name: 'rule' } }
      await repository.commit({ 'rule.yaml': broken })
      const backoff = { duration: '1s', factor: 1, maxDuration: '5s' }
      await app.patch({
        status: { operationState: null },
        operation: { sync: { syncStrategy: { hook: {} } }, retry: { limit: 2, backoff } },
      })
      const failed = await app.until(({ operationState }) => operationState?.phase === 'Failed', 'given up')
      expect(failed.status.operationState).toMatchObject({
        retryCount: 2,
        message: expect.stringContaining('(retried 2 times)'),
      })
      await app.remove()
      // Definitions carry no tracking id: they and all of their objects outlive an Application.
      await kube.delete(CRDS, definition)
    },
  },
]

function crd(group: string) {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `things.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  }
}
