/** What a project adds to a comparison: sync windows and orphaned resources. Facts: Argo CD 3.5.1 on the same input. */
import { expect, it } from 'vitest'
import { APPLICATIONS, PROJECTS } from './names.ts'
import { AUTOMATED, configMapYaml, perTest } from './testing.ts'

const { test, isSynced } = perTest()

const CONFIG_MAPS = 'v1/configmaps'
const OPEN = {
  sourceRepos: ['*'],
  destinations: [{ server: '*', namespace: '*' }],
  clusterResourceWhitelist: [{ group: '*', kind: '*' }],
}

function project(spec: object) {
  const metadata = { name: 'team', namespace: 'argocd' }
  const object = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata,
    spec: { ...OPEN, ...spec },
  }
  const known = test.client.get(PROJECTS, 'argocd', 'team')
  if (known) test.client.update(PROJECTS, { ...known, spec: object.spec })
  else test.client.create(PROJECTS, object)
}

const window = (more: object) => ({ schedule: '* * * * *', duration: '1h', applications: ['*'], ...more })

it('a window keeps automation away, and people too unless it says otherwise', async () => {
  project({ syncWindows: [window({ kind: 'deny' })] })
  await test.repository.commit({ 'production/a.yaml': configMapYaml('a', '1') })
  test.createApp({ project: 'team', syncPolicy: AUTOMATED })
  await test.until('compared', () => test.app()?.status?.sync?.status === 'OutOfSync')
  await test.clock.advance(10_000)
  await test.settle()
  expect(test.app()!.operation).toBeUndefined()
  expect(test.app()!.status!.conditions).toBeUndefined()
  const operation = { initiatedBy: { username: 'admin' }, sync: { syncStrategy: { hook: {} } } }
  test.client.patch(APPLICATIONS, 'argocd', 'web', { operation }, { type: 'merge' })
  const state = () => test.app()!.status!.operationState
  await test.until('blocked', () => state()?.message)
  expect(state()).toMatchObject({ phase: 'Running', message: 'Sync operation blocked by sync window' })
  expect(state()!.syncResult!.resources).toBeUndefined()
  project({ syncWindows: [window({ kind: 'deny', manualSync: true })] })
  await test.until('synced', isSynced)
  expect(state()).toMatchObject({ phase: 'Succeeded', operation })
})

it('counts what nobody manages in the namespace, with what it owns', async () => {
  project({ orphanedResources: { ignore: [{ kind: 'ConfigMap', name: 'ignored-*' }] } })
  const metadata = (name: string) => ({ name, namespace: 'shop' })
  const stray = (name: string, more: object = {}) =>
    test.client.create(CONFIG_MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { ...metadata(name), ...more },
    })
  const first = stray('stray')
  stray('ignored-1')
  await test.repository.commit({ 'production/a.yaml': configMapYaml('a', '1') })
  test.createApp({ project: 'team', syncPolicy: AUTOMATED })
  const says = (count: number) => () =>
    test
      .app()
      ?.status?.conditions?.some(
        ({ type, message }) =>
          type === 'OrphanedResourceWarning' && message === `Application has ${count} orphaned resources`,
      )
  await test.until('one', says(1))
  const { uid, name } = first.metadata
  stray('owned', { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name, uid }] })
  await test.until('two', says(2))
  project({ orphanedResources: { warn: false } })
  await test.until('silence', () => isSynced() && !test.app()!.status!.conditions)
})
