/** What an Application does beside syncing: refresh, project, an invalid spec, deletion. */
import { expect, it } from 'vitest'
import { APPLICATIONS, REFRESH } from './names.ts'
import { AUTOMATED, configMapYaml, perTest } from './testing.ts'

const { test, isSynced } = perTest()
const value = (name: string) => test.client.get('v1/configmaps', 'shop', name)?.data?.value

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
