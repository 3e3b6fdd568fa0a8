/** Several sources, value files of other sources, and the files that change a source. Facts: Argo CD 3.5.1 on the same input. */
import { expect, it } from 'vitest'
import { APPLICATIONS, REFRESH } from './names.ts'
import { AUTOMATED, configMapYaml, perTest } from './testing.ts'

const { test, isSynced } = perTest()

const CHART = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: c\nversion: 0.1.0\n',
  'chart/values.yaml': 'a: 1\n',
  'chart/templates/c.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-c\ndata:\n  value: {{ .Values.a | quote }}\n',
}
const value = (name: string) => test.client.get('v1/configmaps', 'shop', name)?.data?.value
const complaint = () => test.app()?.status?.conditions?.[0]?.message

function sources() {
  const from = { repoURL: test.repository.folder, targetRevision: 'main' }
  return [
    { ...from, ref: 'vals' },
    { ...from, path: 'chart', helm: { valueFiles: ['$vals/vals/v.yaml'] } },
    { ...from, path: 'plain' },
  ]
}

function createSeveral(list: object[]) {
  const spec = { source: undefined, sources: list, syncPolicy: AUTOMATED } as object
  test.createApp(spec)
}

it('renders each source, with the value files of another, and writes revisions for one', async () => {
  const first = await test.repository.commit({
    ...CHART,
    'vals/v.yaml': 'a: fromref',
    'plain/p.yaml': configMapYaml('plain', '1'),
  })
  createSeveral(sources())
  await test.until('synced', isSynced)
  expect([value('web-c'), value('plain')]).toEqual(['fromref', '1'])
  const { sync, sourceTypes, sourceType, history, operationState } = test.app()!.status!
  expect(sync).toMatchObject({ revisions: [first, first, first], comparedTo: { sources: sources() } })
  expect(sync!.revision).toBeUndefined()
  expect([sourceTypes, sourceType]).toEqual([['', 'Helm', 'Directory'], undefined])
  expect(history).toMatchObject([
    { revisions: [first, first, first], sources: sources(), source: { repoURL: '' } },
  ])
  expect(operationState!.operation.sync).toMatchObject({
    revisions: [first, first, first],
    sources: sources(),
  })
  const messages = test.client.list('v1/events', { namespace: 'argocd' }).map(({ message }) => message)
  expect(messages).toContain(`Initiated automated sync to '${[first, first, first].join(', ')}'`)

  const second = await test.repository.commit({ 'vals/v.yaml': 'a: changed' })
  await test.until('second', () => isSynced() && value('web-c') === 'changed')
  expect(test.app()!.status!.sync!.revisions).toEqual([second, second, second])

  await test.repository.commit({ 'vals/v.yaml': null })
  await test.until('complaint', complaint)
  expect(complaint()).toMatch(
    /^Failed to load target state: failed to generate manifest for source 2 of 3: open vals\/v\.yaml/,
  )
  expect(value('web-c')).toBe('changed')

  test.client.patch(
    APPLICATIONS,
    'argocd',
    'web',
    { operation: { sync: { revisions: [first, first, first] } } },
    { type: 'merge' },
  )
  await test.until('synced to the first', () => value('web-c') === 'fromref')
})

it('names what is wrong with a list of sources', async () => {
  await test.repository.commit(CHART)
  const from = { repoURL: test.repository.folder, targetRevision: 'main' }
  createSeveral([{ ...from, path: 'chart', helm: { valueFiles: ['$nope/v.yaml'] } }])
  await test.until('no ref', complaint)
  expect(complaint()).toContain(`source referenced "$nope", but no source has a 'ref' field defined`)
  const use = async (list: object[], text: string) => {
    test.client.patch(APPLICATIONS, 'argocd', 'web', { spec: { sources: list } }, { type: 'merge' })
    await test.until(text, () => complaint()?.includes(text))
  }
  const chart = { ...from, path: 'chart', helm: { valueFiles: ['$nope/v.yaml'] } }
  await use([chart, { ...from, ref: 'vals' }], 'which is not one of the available sources ($vals)')
  await use([chart, { ...from, ref: 'a' }, { ...from, ref: 'a' }], 'multiple sources had the same `ref` key')
  await use([chart, from], 'either source.path, source.chart, or source.ref are required for source {')
})

it('lays .argocd-source files over the source, the one of the Application last', async () => {
  const parameter = (text: string) => `helm:\n  parameters:\n  - name: a\n    value: ${text}\n`
  await test.repository.commit({
    ...CHART,
    'chart/.argocd-source.yaml': `${parameter('of all')}path: elsewhere\n`,
    'chart/.argocd-source-web.yaml': parameter('of web'),
    'chart/.argocd-source-other.yaml': parameter('of other'),
  })
  test.createApp({
    syncPolicy: AUTOMATED,
    source: { repoURL: test.repository.folder, path: 'chart', targetRevision: 'main' },
  })
  await test.until('synced', isSynced)
  expect(value('web-c')).toBe('of web')
  await test.repository.commit({ 'chart/.argocd-source-web.yaml': null })
  await test.until('without', () => isSynced() && value('web-c') === 'of all')
})

it('leaves files alone that were never meant as manifests, and names those that were', async () => {
  await test.repository.commit({
    'production/a.yaml': configMapYaml('a', '1'),
    'production/values.yaml': 'replicas: 2\n',
    'production/broken.yaml': 'kind: [',
  })
  test.createApp({ syncPolicy: AUTOMATED })
  await test.until('synced', isSynced)
  await test.repository.commit({
    'production/broken.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n---\nhello: world\n',
  })
  test.client.patch(
    APPLICATIONS,
    'argocd',
    'web',
    { metadata: { annotations: { [REFRESH]: 'normal' } } },
    { type: 'merge' },
  )
  await test.until('complaint', complaint)
  expect(complaint()).toContain('Failed to unmarshal "broken.yaml"')
})
