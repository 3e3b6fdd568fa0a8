/** Argo CD: Applications as its controller and its clients agree on them. */
import { expect } from 'vitest'
import {
  APPLICATIONS,
  ARGOCD,
  AUTOMATED,
  CONFIG_MAPS,
  configMap,
  dataOf,
  hookJob,
  TestApplication,
} from '../application.ts'
import { type ContractCase, eventually, webDeployment } from '../case.ts'

const DEPLOYMENTS = 'apps/v1/deployments'
const JOBS = 'batch/v1/jobs'

export const argocdCases: ContractCase[] = [
  {
    name: 'Argo CD: a commit is synced, what git no longer has is pruned, drift is healed, all goes with the Application',
    async run(context) {
      const { kube, namespace, repository } = context
      const app = new TestApplication(context)
      const first = await repository.commit({ 'a.yaml': configMap('a', '1'), 'b.yaml': configMap('b', '1') })
      await app.create()
      const synced = await app.synced(first)
      expect(synced.status.history).toMatchObject([{ id: 0, revision: first }])
      await app.until(({ health }) => health?.status === 'Healthy', 'healthy')
      expect((await kube.get(CONFIG_MAPS, 'a', { namespace })).metadata.annotations).toMatchObject({
        'argocd.argoproj.io/tracking-id': `${app.name}:/ConfigMap:${namespace}/a`,
      })
      const second = await repository.commit({ 'a.yaml': configMap('a', '2'), 'b.yaml': null })
      await app.refresh()
      const after = await app.synced(second)
      expect(after.metadata.annotations?.['argocd.argoproj.io/refresh']).toBeUndefined()
      expect([await dataOf(context, 'a'), await dataOf(context, 'b')]).toEqual(['2', undefined])
      await kube.patch(CONFIG_MAPS, 'a', { data: { value: 'by hand' } }, { namespace })
      await eventually(kube, CONFIG_MAPS, 'a', namespace, (object) =>
        object?.data?.value === '2' ? undefined : `value ${object?.data?.value}`,
      )
      const healed = await app.until(
        ({ operationState }) => operationState?.operation?.sync?.autoHealAttemptsCount >= 1,
        'a repair',
      )
      expect(healed.status.operationState.operation.sync.resources).toEqual([
        { kind: 'ConfigMap', name: 'a' },
      ])
      expect(healed.status.history).toHaveLength(2)
      await app.remove()
      await eventually(kube, CONFIG_MAPS, 'a', namespace, (object) => object && 'is still there')
    },
  },
  {
    name: 'Argo CD: a sync by hand, waves and hooks in their order, a rollback to an entry of the history',
    async run(context) {
      const { kube, namespace, repository } = context
      const app = new TestApplication(context)
      const job = hookJob(context, 'migrate', 'PreSync')
      const { metadata, ...web } = webDeployment(context, 'web', 1)
      const wave = (at: number) => ({ 'argocd.argoproj.io/sync-wave': String(at) })
      const first = await repository.commit({
        'job.yaml': job,
        'web.yaml': { ...web, metadata: { name: metadata.name, annotations: wave(-1) } },
        'late.yaml': configMap('late', '1', wave(1)),
      })
      await app.create({ syncPolicy: {} })
      const compared = await app.until(({ sync }) => sync?.status === 'OutOfSync', 'compared')
      expect(compared.status.health.status).toBe('Missing')
      await app.sync()
      await app.synced(first)
      const at = async (resource: string, name: string) =>
        Date.parse((await kube.get(resource, name, { namespace })).metadata.creationTimestamp!)
      const [migrated, served, last] = [
        await at(JOBS, 'migrate'),
        await at(DEPLOYMENTS, 'web'),
        await at(CONFIG_MAPS, 'late'),
      ]
      expect(migrated).toBeLessThanOrEqual(served)
      expect(served).toBeLessThanOrEqual(last)
      const deployment = await kube.get(DEPLOYMENTS, 'web', { namespace })
      const available = deployment.status.conditions.find(
        ({ type }: { type: string }) => type === 'Available',
      )
      expect(Date.parse(available.lastTransitionTime)).toBeLessThanOrEqual(last)
      const second = await repository.commit({ 'late.yaml': configMap('late', '2', wave(1)) })
      await app.sync({ revision: second })
      const { status } = await app.ended(2)
      expect(await dataOf(context, 'late')).toBe('2')
      const [entry] = status.history
      await app.sync({ revision: entry.revision, source: entry.source, syncStrategy: { apply: {} } })
      await app.ended(3)
      expect(await dataOf(context, 'late')).toBe('1')
      await app.until(({ sync }) => sync?.status === 'OutOfSync', 'out of sync after the rollback')
      await app.remove()
    },
  },
  {
    name: 'Argo CD: replicas of somebody else are left alone where they are ignored, and put back where not',
    async run(context) {
      const { kube, namespace, repository } = context
      const app = new TestApplication(context)
      const { metadata, ...web } = webDeployment(context, 'web', 1)
      const file = (more: object = {}) => ({ ...web, metadata: { name: metadata.name, annotations: more } })
      const first = await repository.commit({ 'web.yaml': file() })
      const ignoreDifferences = [{ group: 'apps', kind: 'Deployment', jsonPointers: ['/spec/replicas'] }]
      const syncOptions = ['RespectIgnoreDifferences=true']
      await app.create({ syncPolicy: { ...AUTOMATED, syncOptions }, ignoreDifferences })
      await app.synced(first)
      await kube.patch(DEPLOYMENTS, 'web', { spec: { replicas: 2 } }, { namespace })
      const second = await repository.commit({ 'web.yaml': file({ note: 'changed' }) })
      await app.refresh()
      await app.synced(second)
      const kept = await kube.get(DEPLOYMENTS, 'web', { namespace })
      expect([kept.spec.replicas, kept.metadata.annotations?.note]).toEqual([2, 'changed'])
      await app.patch({ spec: { ignoreDifferences: null } })
      await eventually(kube, DEPLOYMENTS, 'web', namespace, (object) =>
        object?.spec.replicas === 1 ? undefined : `replicas ${object?.spec.replicas}`,
      )
      await app.remove()
    },
  },
  {
    name: 'Argo CD: what cannot be rendered or applied is named, and the last good state stays',
    async run(context) {
      const { repository } = context
      const app = new TestApplication(context)
      const good = await repository.commit({ 'a.yaml': configMap('a', '1') })
      await app.create({ syncPolicy: { ...AUTOMATED, retry: { limit: 0 } } })
      await app.synced(good)
      await repository.commit({ 'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: [' })
      await app.refresh('hard')
      const broken = await app.until(({ sync }) => sync?.status === 'Unknown', 'a complaint')
      expect(broken.status.conditions).toMatchObject([{ type: 'ComparisonError' }])
      expect(broken.status.conditions[0].message).toContain('a.yaml')
      await repository.commit({
        'a.yaml': configMap('a', '2'),
        'rule.yaml': {
          // Of a group that no cluster serves and no setting leaves out.
          apiVersion: 'contract.example/v1',
          kind: 'Rule',
          metadata: { name: 'rule' },
        },
      })
      await app.refresh()
      const failed = await app.until(
        ({ operationState }) => operationState?.phase === 'Failed',
        'a failed sync',
      )
      const rows = failed.status.operationState.syncResult.resources as { kind: string; status?: string }[]
      expect(rows.find(({ kind }) => kind === 'Rule')).toMatchObject({
        status: 'SyncFailed',
        message: expect.stringContaining('contract.example'),
      })
      expect(await dataOf(context, 'a')).toBe('1')
      const gaveUp = await app.until(({ conditions }) => conditions?.[0]?.type === 'SyncError', 'a SyncError')
      expect(gaveUp.status.conditions[0].message).toContain('Failed last sync attempt to')
      const mended = await repository.commit({ 'rule.yaml': null })
      await app.refresh()
      await app.synced(mended)
      expect(await dataOf(context, 'a')).toBe('2')
      await app.remove()
    },
  },
  {
    name: 'Argo CD: a chart with value files of another source, and hooks around the deletion',
    async run(context) {
      const { kube, namespace, repository } = context
      const app = new TestApplication(context)
      const hook = (name: string, type: string) => hookJob(context, name, type)
      const revision = await repository.commit({
        'chart/Chart.yaml': 'apiVersion: v2\nname: chart\nversion: 0.1.0\n',
        'chart/templates/a.yaml':
          'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {value: {{ .Values.value | quote }}}\n',
        'values/ours.yaml': 'value: of another source\n',
        'hooks/before.yaml': hook('before', 'PreDelete'),
        'hooks/after.yaml': hook('after', 'PostDelete'),
      })
      const from = { repoURL: repository.url, targetRevision: 'main' }
      const sources = [
        { ...from, ref: 'other' },
        { ...from, path: 'app/chart', helm: { valueFiles: ['$other/app/values/ours.yaml'] } },
        { ...from, path: 'app/hooks' },
      ]
      await app.create({ source: undefined, sources, syncPolicy: AUTOMATED })
      const synced = await app.until(
        ({ sync, operationState }, { metadata }) =>
          sync?.status === 'Synced' &&
          operationState?.phase === 'Succeeded' &&
          metadata.finalizers?.some((name) => name.startsWith('post-delete-finalizer')),
        'synced, with the finalizers of its hooks',
      )
      expect(synced.status).toMatchObject({
        sync: { revisions: [revision, revision, revision] },
        sourceTypes: ['', 'Helm', 'Directory'],
        history: [{ id: 0, sources }],
      })
      expect(synced.metadata.finalizers).toEqual(
        expect.arrayContaining([
          'pre-delete-finalizer.argocd.argoproj.io',
          'post-delete-finalizer.argocd.argoproj.io/cleanup',
        ]),
      )
      expect(await dataOf(context, 'a')).toBe('of another source')
      expect((await kube.list(JOBS, { namespace })).items).toEqual([])
      await kube.delete(APPLICATIONS, app.name, { namespace: ARGOCD })
      await eventually(kube, JOBS, 'before', namespace, (job) => (job ? undefined : 'no PreDelete hook'))
      await eventually(kube, APPLICATIONS, app.name, ARGOCD, (object) => object && 'is still there')
      // Argo CD whose cache lags behind takes the hook that it has just made for one that has ended.
      await eventually(kube, JOBS, 'after', namespace, (job) =>
        job?.status?.succeeded === 1 ? undefined : JSON.stringify(job?.status),
      )
      expect(await dataOf(context, 'a')).toBeUndefined()
    },
  },
]
