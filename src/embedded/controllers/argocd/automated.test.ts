/** Automated syncs on the real API with a real git repository: commits, prune, self-heal, retries, last good states. */
import { renameSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { deployment } from '../testing/builders.ts'
import { TRACKING_ID } from './names.ts'
import { AUTOMATED, configMapYaml, perTest } from './testing.ts'

const { test, isSynced } = perTest()
const CONFIG_MAPS = 'v1/configmaps'
const DEPLOYMENTS = 'apps/v1/deployments'
const value = (name: string) => test.client.get('v1/configmaps', 'shop', name)?.data?.value
const events = () =>
  test.client.list('v1/events', { namespace: 'argocd' }).map(({ reason, message }) => `${reason}: ${message}`)

function webYaml(spec: Record<string, unknown> = {}): string {
  const { status: _, ...object } = deployment('web', spec)
  return JSON.stringify({ ...object, metadata: { name: 'web' } })
}

describe('an automated Application', () => {
  it('syncs a commit, the next one, and prunes what a third removes', async () => {
    const first = await test.repository.commit({ 'production/a.yaml': configMapYaml('a', '1') })
    test.createApp({ syncPolicy: AUTOMATED })
    await test.until('synced', isSynced)
    expect(value('a')).toBe('1')
    const live = test.client.get(CONFIG_MAPS, 'shop', 'a')!
    expect(live.metadata.annotations?.[TRACKING_ID]).toBe('web:/ConfigMap:shop/a')
    expect(test.app()!.status).toMatchObject({
      sync: { status: 'Synced', revision: first, comparedTo: { source: { path: 'production' } } },
      health: { status: 'Healthy' },
      sourceType: 'Directory',
      resources: [{ version: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'a', status: 'Synced' }],
      operationState: {
        phase: 'Succeeded',
        message: 'successfully synced (all tasks run)',
        operation: {
          initiatedBy: { automated: true },
          sync: { revision: first, prune: true },
          retry: { limit: 5 },
        },
        syncResult: {
          revision: first,
          resources: [
            {
              kind: 'ConfigMap',
              name: 'a',
              status: 'Synced',
              hookPhase: 'Running',
              syncPhase: 'Sync',
              message: 'configmap/a created',
            },
          ],
        },
      },
      history: [{ id: 0, revision: first, initiatedBy: { automated: true } }],
    })

    const second = await test.repository.commit({
      'production/a.yaml': configMapYaml('a', '2'),
      'production/b.yaml': configMapYaml('b', '1'),
    })
    await test.until('second commit', () => isSynced() && test.app()!.status!.sync!.revision === second)
    expect([value('a'), value('b')]).toEqual(['2', '1'])

    await test.repository.commit({ 'production/b.yaml': null })
    await test.until('pruned', () => isSynced() && value('b') === undefined)
    expect(test.app()!.status!.operationState!.syncResult!.resources).toContainEqual(
      expect.objectContaining({ name: 'b', status: 'Pruned', message: 'pruned' }),
    )
    expect(test.app()!.status!.history!.map(({ id }) => id)).toEqual([0, 1, 2])
    expect(events()).toContain(`OperationStarted: Initiated automated sync to '${first}'`)
    expect(events()).toContain(`OperationCompleted: Sync operation to ${first} succeeded`)
    expect(events()).toContain('ResourceUpdated: Updated sync status: OutOfSync -> Synced')
  })

  it('writes nothing more once it is settled', async () => {
    await test.repository.commit({ 'production/web.yaml': webYaml() })
    test.createApp({ syncPolicy: AUTOMATED })
    await test.until('synced', isSynced)
    await test.settle()
    const { revision } = test.api.store
    await test.clock.advance(60_000)
    await test.settle()
    expect(test.api.store.revision).toBe(revision)
  })

  it('takes zero values, empty lists and other spellings of quantities for no difference', async () => {
    const container = {
      name: 'app',
      image: 'app:1',
      env: [],
      readinessProbe: { tcpSocket: { port: 80 }, initialDelaySeconds: 0 },
      resources: { limits: { cpu: '1000m', memory: '0.5Gi' } },
    }
    const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [container], volumes: [] } }
    await test.repository.commit({ 'production/web.yaml': webYaml({ template }) })
    test.createApp({ syncPolicy: AUTOMATED })
    await test.until('synced', isSynced)
    const [stored] = test.client.get(DEPLOYMENTS, 'shop', 'web')!.spec.template.spec.containers
    expect(stored.resources.limits).toEqual({ cpu: '1', memory: '512Mi' })
    expect(stored.readinessProbe.initialDelaySeconds).toBeUndefined()
  })

  it('says at once that its repository is gone, keeps what runs, and takes it up when it is back', async () => {
    await test.repository.commit({ 'production/a.yaml': configMapYaml('a', '1') })
    test.createApp({ syncPolicy: AUTOMATED })
    await test.until('synced', isSynced)
    const { folder } = test.repository
    renameSync(folder, `${folder}.away`)
    const conditions = () => test.app()!.status!.conditions ?? []
    await test.until('gone', () => conditions().some(({ type }) => type === 'ComparisonError'))
    expect(conditions()[0]!.message).toContain('repository not found')
    expect(value('a')).toBe('1')
    renameSync(`${folder}.away`, folder)
    await test.until('back', () => isSynced() && conditions().length === 0)
  })

  it('heals drift partially: at once the first time, later and later after that', async () => {
    await test.repository.commit({
      'production/a.yaml': configMapYaml('a', '1'),
      'production/b.yaml': configMapYaml('b', '1'),
    })
    test.createApp({ syncPolicy: AUTOMATED })
    await test.until('synced', isSynced)
    const drift = () =>
      test.client.patch(CONFIG_MAPS, 'shop', 'a', { data: { value: 'drift' } }, { type: 'merge' })
    const healed = async () => {
      const begin = test.clock.now()
      drift()
      await test.until('healed', () => isSynced() && value('a') === '1')
      return test.clock.now() - begin
    }
    expect(await healed()).toBeLessThan(1000)
    const state = test.app()!.status!.operationState!
    expect(state.operation.sync).toMatchObject({
      resources: [{ kind: 'ConfigMap', name: 'a' }],
      autoHealAttemptsCount: 1,
    })
    expect(state.syncResult!.resources).toHaveLength(1)
    expect(test.app()!.status!.history).toHaveLength(1)
    const again = await healed()
    expect(again).toBeGreaterThan(1000)
    expect(again).toBeLessThan(4000)
  })

  it('leaves ignored replicas alone, when they drift and when it syncs', async () => {
    await test.repository.commit({ 'production/web.yaml': webYaml({ replicas: 2 }) })
    test.createApp({
      syncPolicy: { ...AUTOMATED, syncOptions: ['RespectIgnoreDifferences=true'] },
      ignoreDifferences: [{ group: 'apps', kind: 'Deployment', jsonPointers: ['/spec/replicas'] }],
    })
    await test.until('synced', isSynced)
    test.client.setScale(DEPLOYMENTS, 'shop', 'web', 5)
    await test.settle()
    expect(test.app()!.status!.sync!.status).toBe('Synced')
    const commit = await test.repository.commit({
      'production/web.yaml': webYaml({ replicas: 2, minReadySeconds: 3 }),
    })
    await test.until('synced again', () => isSynced() && test.app()!.status!.sync!.revision === commit)
    expect(test.client.get(DEPLOYMENTS, 'shop', 'web')!.spec).toMatchObject({
      replicas: 5,
      minReadySeconds: 3,
    })
  })

  it('names the kind that nobody serves, applies nothing, and does not try the revision again', async () => {
    const rule = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'x' },
      spec: {},
    }
    await test.repository.commit({
      'production/x.yaml': JSON.stringify(rule),
      'production/a.yaml': configMapYaml('a', '1'),
    })
    test.createApp({ syncPolicy: { ...AUTOMATED, retry: { limit: 0 } } })
    await test.until('failed', () => test.app()?.status?.conditions?.some(({ type }) => type === 'SyncError'))
    const { operationState } = test.app()!.status!
    expect(operationState).toMatchObject({ phase: 'Failed' })
    expect(operationState!.syncResult!.resources).toMatchObject([
      {
        kind: 'DestinationRule',
        name: 'x',
        status: 'SyncFailed',
        message: expect.stringContaining('networking.istio.io/DestinationRule'),
      },
    ])
    expect(value('a')).toBeUndefined()
    const { finishedAt } = operationState!
    await test.clock.advance(300_000)
    await test.settle()
    expect(test.app()!.status!.operationState!.finishedAt).toBe(finishedAt)
  })

  it('retries with backoff and says so', async () => {
    const wrong = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'Not_A_Name' } })
    await test.repository.commit({ 'production/x.yaml': wrong })
    test.createApp({
      syncPolicy: { ...AUTOMATED, retry: { limit: 2, backoff: { duration: '10s', factor: 2 } } },
    })
    await test.until('first failure', () => test.app()?.status?.operationState?.finishedAt)
    const state = () => test.app()!.status!.operationState!
    expect(state()).toMatchObject({ phase: 'Running', retryCount: 1 })
    expect(state().message).toMatch(/Retrying attempt #1 at 12:00AM\.$/)
    const begin = Date.parse(state().finishedAt!)
    await test.until('given up', () => state().phase === 'Failed')
    expect(Date.parse(state().finishedAt!) - begin).toBeGreaterThanOrEqual(30_000)
    expect(state().message).toMatch(/\(retried 2 times\)\.$/)
  })

  it('keeps the last good state when the source cannot be rendered', async () => {
    await test.repository.commit({ 'production/a.yaml': configMapYaml('a', '1') })
    test.createApp({ syncPolicy: AUTOMATED })
    await test.until('synced', isSynced)
    await test.repository.commit({ 'production/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: [' })
    await test.until('complaint', () =>
      test.app()!.status!.conditions?.some(({ type }) => type === 'ComparisonError'),
    )
    expect(test.app()!.status!.sync!.status).toBe('Unknown')
    expect(test.app()!.status!.conditions![0]!.message).toContain('a.yaml')
    expect(value('a')).toBe('1')
    await test.repository.commit({ 'production/a.yaml': configMapYaml('a', '3') })
    await test.until('mended', () => isSynced() && value('a') === '3')
    expect(test.app()!.status!.conditions).toBeUndefined()
  })
})
