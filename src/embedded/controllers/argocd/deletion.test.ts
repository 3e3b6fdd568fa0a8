/** Hooks around the deletion of an Application. Facts: Argo CD 3.5.1 on the same input. */
import { expect, it } from 'vitest'
import {
  APPLICATIONS,
  cleanupOf,
  POST_DELETE_FINALIZER,
  PRE_DELETE_FINALIZER,
  RESOURCES_FINALIZER,
} from './names.ts'
import { AUTOMATED, configMapYaml, perTest } from './testing.ts'

const { test, isSynced } = perTest()

const JOBS = 'batch/v1/jobs'
const isThere = (name: string) => test.client.get('v1/configmaps', 'shop', name) !== undefined
const jobs = () => test.client.list(JOBS, { namespace: 'shop' }).map(({ metadata }) => metadata.name)

function hook(name: string, type: string, policy?: string): string {
  const annotations = {
    'argocd.argoproj.io/hook': type,
    ...(policy ? { 'argocd.argoproj.io/hook-delete-policy': policy } : {}),
  }
  const spec = { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'x' }] } } }
  return JSON.stringify({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name, annotations }, spec })
}

function end(name: string, type: 'Complete' | 'Failed') {
  const status = { conditions: [{ type, status: 'True' }] }
  test.client.patch(JOBS, 'shop', name, { status }, { type: 'merge', subresource: 'status' })
}

async function create(files: Record<string, string>) {
  await test.repository.commit({ 'production/a.yaml': configMapYaml('a', '1'), ...files })
  test.createApp({ syncPolicy: AUTOMATED }, { finalizers: [`${RESOURCES_FINALIZER}/background`] })
  await test.until('synced', isSynced)
}

it('runs PreDelete hooks, deletes, runs PostDelete hooks, and cleans up by their policy', async () => {
  await create({
    'production/pre.yaml': hook('pre', 'PreDelete'),
    'production/post.yaml': hook('post', 'PostDelete', 'HookSucceeded'),
    'production/kept.yaml': hook('kept', 'PostDelete'),
  })
  const finalizers = [PRE_DELETE_FINALIZER, POST_DELETE_FINALIZER].flatMap((name) => [name, cleanupOf(name)])
  expect(test.app()!.metadata.finalizers).toEqual([`${RESOURCES_FINALIZER}/background`, ...finalizers])
  expect(jobs()).toEqual([])
  test.client.delete(APPLICATIONS, 'argocd', 'web')
  await test.until('PreDelete', () => jobs().includes('pre'))
  expect(isThere('a')).toBe(true)
  end('pre', 'Complete')
  await test.until('PostDelete', () => jobs().includes('post'))
  expect([isThere('a'), jobs()]).toEqual([false, ['kept', 'post']])
  end('post', 'Complete')
  await test.settle()
  expect(test.app()).toBeDefined()
  end('kept', 'Complete')
  await test.until('gone', () => !test.app())
  expect(jobs()).toEqual(['kept'])
})

it('deletes a failed hook, says so, and tries again', async () => {
  await create({ 'production/pre.yaml': hook('pre', 'PreDelete') })
  test.client.delete(APPLICATIONS, 'argocd', 'web')
  await test.until('PreDelete', () => jobs().includes('pre'))
  const first = test.client.get(JOBS, 'shop', 'pre')!.metadata.uid
  end('pre', 'Failed')
  const message = 'error executing pre-delete hooks: PreDelete hook(s) failed: shop/pre'
  await test.until('complaint', () => test.app()!.status!.conditions)
  expect(test.app()!.status!.conditions).toMatchObject([{ type: 'DeletionError', message }])
  const events = test.client.list('v1/events', { namespace: 'argocd' })
  expect(events.map((event) => event.message)).toContain(`Unable to delete application resources: ${message}`)
  await test.until('again', () => {
    const next = test.client.get(JOBS, 'shop', 'pre')
    return next && next.metadata.uid !== first
  })
  expect(isThere('a')).toBe(true)
  end('pre', 'Complete')
  await test.until('gone', () => !test.app())
  expect(isThere('a')).toBe(false)
})

it('takes the finalizers away when Git has no such hook any more', async () => {
  await create({ 'production/pre.yaml': hook('pre', 'PreDelete') })
  await test.repository.commit({ 'production/pre.yaml': null as unknown as string })
  await test.until('without', () => test.app()!.metadata.finalizers!.length === 1)
})
