/** Applications on the real API with a real git repository: sync, prune, self-heal, waves, hooks, rollback, deletion. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deployment } from '../testing/builders.ts'
import { APPLICATIONS, DELETION_APPROVED, REFRESH, TRACKING_ID } from './names.ts'
import { AUTOMATED, configMapYaml, startArgocd, type TestArgocd } from './testing.ts'

let test: TestArgocd
beforeEach(async () => {
  test = await startArgocd()
})
afterEach(async () => {
  await test[Symbol.asyncDispose]()
  expect(test.warnings).toEqual([])
})

const CONFIG_MAPS = 'v1/configmaps'
const DEPLOYMENTS = 'apps/v1/deployments'
const value = (name: string) => test.client.get(CONFIG_MAPS, 'shop', name)?.data?.value
const isSynced = () => test.app()?.status?.sync?.status === 'Synced' && !test.app()?.operation
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

describe('a sync by hand', () => {
  it('runs waves in order and waits for health between them', async () => {
    const wave = (at: number) => ({ 'argocd.argoproj.io/sync-wave': String(at) })
    const { status: _, ...object } = deployment('web')
    await test.repository.commit({
      'production/a.yaml': JSON.stringify({ ...object, metadata: { name: 'web', annotations: wave(-1) } }),
      'production/b.yaml': configMapYaml('late', '1', wave(2)),
    })
    test.createApp()
    await test.until('compared', () => test.app()?.status?.sync?.status === 'OutOfSync')
    expect(test.app()!.status!.health!.status).toBe('Missing')
    test.client.patch(
      APPLICATIONS,
      'argocd',
      'web',
      { operation: { initiatedBy: { username: 'me' }, sync: {} } },
      { type: 'merge' },
    )
    await test.until('first wave', () => test.client.get(DEPLOYMENTS, 'shop', 'web'))
    await test.clock.advance(10_000)
    await test.settle()
    expect(value('late')).toBeUndefined()
    expect(test.app()!.status!.operationState).toMatchObject({
      phase: 'Running',
      message: 'waiting for healthy state of apps/Deployment/web',
    })
    const status = {
      observedGeneration: 1,
      replicas: 1,
      updatedReplicas: 1,
      availableReplicas: 1,
      readyReplicas: 1,
    }
    test.client.patch(DEPLOYMENTS, 'shop', 'web', { status }, { type: 'merge', subresource: 'status' })
    await test.until('second wave', isSynced)
    expect(value('late')).toBe('1')
    expect(test.app()!.status!.history).toMatchObject([{ id: 0, initiatedBy: { username: 'me' } }])
  })

  it('runs hooks around the sync, and SyncFail hooks after a failure', async () => {
    const job = (name: string, hook: string, policy?: string) =>
      JSON.stringify({
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: {
          name,
          annotations: {
            'argocd.argoproj.io/hook': hook,
            ...(policy ? { 'argocd.argoproj.io/hook-delete-policy': policy } : {}),
          },
        },
        spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'x' }] } } },
      })
    await test.repository.commit({
      'production/pre.yaml': job('pre', 'PreSync', 'HookSucceeded'),
      'production/post.yaml': job('post', 'PostSync'),
      'production/fail.yaml': job('fail', 'SyncFail'),
      'production/a.yaml': configMapYaml('a', '1'),
    })
    const jobs = () =>
      test.client.list('batch/v1/jobs', { namespace: 'shop' }).map(({ metadata }) => metadata.name)
    const finish = (name: string, type: 'Complete' | 'Failed') => {
      const now = '2026-01-01T00:00:00Z'
      const conditions =
        type === 'Complete'
          ? [
              { type: 'SuccessCriteriaMet', status: 'True' },
              { type, status: 'True', message: 'done' },
            ]
          : [
              { type: 'FailureTarget', status: 'True' },
              { type, status: 'True', message: 'broken' },
            ]
      const status = { conditions, startTime: now, ...(type === 'Complete' ? { completionTime: now } : {}) }
      test.client.patch('batch/v1/jobs', 'shop', name, { status }, { type: 'merge', subresource: 'status' })
    }
    const sync = () =>
      test.client.patch(
        APPLICATIONS,
        'argocd',
        'web',
        { operation: { sync: { syncStrategy: { hook: {} } } } },
        { type: 'merge' },
      )
    test.createApp()
    await test.until('compared', () => test.app()?.status?.sync?.status === 'OutOfSync')
    sync()
    await test.until('pre hook', () => jobs().includes('pre'))
    expect(test.app()!.status!.operationState!.message).toMatch(
      /^waiting for completion of hook batch\/Job\/pre/,
    )
    expect(value('a')).toBeUndefined()
    finish('pre', 'Complete')
    await test.until('post hook', () => jobs().includes('post'))
    expect(value('a')).toBe('1')
    finish('post', 'Complete')
    await test.until('synced', isSynced)
    expect(jobs()).toEqual(['post'])
    expect(test.app()!.status!.operationState!.syncResult!.resources).toContainEqual(
      expect.objectContaining({ name: 'pre', hookType: 'PreSync', hookPhase: 'Succeeded', message: 'done' }),
    )
    expect(test.app()!.status!.resources).toContainEqual(
      expect.objectContaining({ name: 'post', hook: true, requiresPruning: true }),
    )

    sync()
    await test.until('pre hook again', () => jobs().includes('pre'))
    finish('pre', 'Failed')
    await test.until('fail hook', () => jobs().includes('fail'))
    finish('fail', 'Complete')
    await test.until('failed', () => test.app()!.status!.operationState?.phase === 'Failed')
    expect(test.app()!.status!.operationState!.message).toBe(
      'one or more synchronization tasks completed unsuccessfully',
    )
  })

  it('asks before it prunes what wants to be asked about, and goes on once somebody agrees', async () => {
    const careful = { 'argocd.argoproj.io/sync-options': 'Prune=confirm' }
    await test.repository.commit({
      'production/a.yaml': configMapYaml('a', '1', careful),
      'production/b.yaml': configMapYaml('b', '1'),
    })
    test.createApp({ syncPolicy: AUTOMATED })
    await test.until('synced', isSynced)
    await test.repository.commit({ 'production/a.yaml': null })
    const message = () => test.app()!.status!.operationState?.message
    await test.until('question', () => message() === 'waiting for pruning confirmation of /ConfigMap/a')
    expect(test.app()!.status!.operationState!.phase).toBe('Running')
    expect(value('a')).toBe('1')
    const annotations = { [DELETION_APPROVED]: new Date(test.clock.now() + 1000).toISOString() }
    test.client.patch(APPLICATIONS, 'argocd', 'web', { metadata: { annotations } }, { type: 'merge' })
    await test.until('pruned', () => isSynced() && value('a') === undefined)
  })

  it('rolls back to an entry of the history', async () => {
    await test.repository.commit({ 'production/a.yaml': configMapYaml('a', '1') })
    test.createApp()
    const sync = async (operation: Record<string, unknown>) => {
      const patch = { operation: { initiatedBy: { username: 'admin' }, sync: operation } }
      test.client.patch(APPLICATIONS, 'argocd', 'web', patch, { type: 'merge' })
      await test.until('synced', () => !test.app()!.operation)
    }
    await test.until('compared', () => test.app()?.status?.sync)
    await sync({})
    await test.repository.commit({ 'production/a.yaml': configMapYaml('a', '2') })
    await sync({ prune: true })
    expect(value('a')).toBe('2')
    const [first] = test.app()!.status!.history!
    await sync({
      revision: first!.revision,
      source: first!.source,
      prune: false,
      syncStrategy: { apply: {} },
    })
    expect(value('a')).toBe('1')
    expect(test.app()!.status!.history!.at(-1)).toMatchObject({ id: 2, revision: first!.revision })
    await test.until('out of sync', () => test.app()!.status!.sync!.status === 'OutOfSync')
  })
})

it('answers the refresh annotation and removes it', async () => {
  await test.repository.commit({ 'production/a.yaml': configMapYaml('a', '1') })
  test.createApp()
  await test.until('compared', () => test.app()?.status?.sync)
  test.client.patch(
    APPLICATIONS,
    'argocd',
    'web',
    { metadata: { annotations: { [REFRESH]: 'hard' } } },
    { type: 'merge' },
  )
  await test.until('refreshed', () => !test.app()!.metadata.annotations?.[REFRESH])
})

it('refuses what the project does not permit', async () => {
  await test.repository.commit({ 'production/a.yaml': configMapYaml('a', '1') })
  test.client.create('argoproj.io/v1alpha1/appprojects', {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'team', namespace: 'argocd' },
    spec: { sourceRepos: ['*'], destinations: [{ server: '*', namespace: 'elsewhere' }] },
  })
  test.createApp({ project: 'team', syncPolicy: AUTOMATED })
  await test.until('refused', () => test.app()?.status?.conditions?.[0]?.type === 'InvalidSpecError')
  expect(test.app()!.status!.conditions![0]!.message).toContain(
    "namespace 'shop' do not match any of the allowed destinations",
  )
  const allowed = { spec: { destinations: [{ server: '*', namespace: 'shop' }] } }
  test.client.patch('argoproj.io/v1alpha1/appprojects', 'argocd', 'team', allowed, { type: 'merge' })
  await test.until('synced', isSynced)
})

it('keeps what it knew while its spec is invalid, and does not look again and again', async () => {
  await test.repository.commit({ 'production/a.yaml': configMapYaml('a', '1') })
  test.createApp({ syncPolicy: AUTOMATED })
  await test.until('synced', isSynced)
  const { sync, resources, reconciledAt } = test.app()!.status!
  test.client.patch(APPLICATIONS, 'argocd', 'web', { spec: { project: 'nope' } }, { type: 'merge' })
  await test.until('complaint', () => test.app()!.status!.conditions)
  await test.clock.advance(400_000)
  await test.settle()
  expect(test.app()!.status).toMatchObject({
    conditions: [
      { type: 'InvalidSpecError', message: 'Application referencing project nope which does not exist' },
    ],
    sync: { ...sync, status: 'Unknown' },
    health: { status: 'Unknown' },
    resources,
    reconciledAt,
  })
})

it('takes its objects along when it goes with the finalizer, and leaves them without', async () => {
  await test.repository.commit({ 'production/a.yaml': configMapYaml('a', '1') })
  test.createApp(
    { syncPolicy: AUTOMATED },
    { finalizers: ['resources-finalizer.argocd.argoproj.io/background'] },
  )
  await test.until('synced', isSynced)
  test.client.delete(APPLICATIONS, 'argocd', 'web')
  await test.until('gone', () => !test.app())
  expect(value('a')).toBeUndefined()
  test.createApp({ syncPolicy: AUTOMATED })
  await test.until('synced', isSynced)
  test.client.delete(APPLICATIONS, 'argocd', 'web')
  await test.settle()
  expect(test.app()).toBeUndefined()
  expect(value('a')).toBe('1')
})
