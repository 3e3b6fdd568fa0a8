/** Syncs that somebody asks for: waves, hooks, consent to prune, rollback. */
import { describe, expect, it } from 'vitest'
import { deployment } from '../testing/builders.ts'
import { APPLICATIONS, DELETION_APPROVED } from './names.ts'
import { AUTOMATED, configMapYaml, perTest } from './testing.ts'

const { test, isSynced } = perTest()
const DEPLOYMENTS = 'apps/v1/deployments'
const value = (name: string) => test.client.get('v1/configmaps', 'shop', name)?.data?.value

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
