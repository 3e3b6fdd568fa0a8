/** The API server as @kubernetes/client-node uses it. */
import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import {
  AppsV1Api,
  CoreV1Api,
  Exec,
  KubeConfig,
  Log,
  Metrics,
  makeInformer,
  PatchStrategy,
  PortForward,
  setHeaderOptions,
  type V1Status,
} from '@kubernetes/client-node'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fakeAgent } from './testing/fake-agent.ts'
import { type RealServer, realServer } from './testing/real-server.ts'

let server: RealServer
const config = new KubeConfig()
let core: CoreV1Api
beforeAll(async () => {
  server = await realServer(fakeAgent())
  config.loadFromFile(server.kubeconfig)
  core = config.makeApiClient(CoreV1Api)
  await core.createNamespacedPod({
    namespace: 'default',
    body: {
      metadata: { name: 'web', labels: { app: 'web' } },
      spec: { nodeName: 'n1', containers: [{ name: 'app', image: 'web:1' }] },
    },
  })
})
afterAll(() => server[Symbol.asyncDispose]())

it('creates, patches and deletes typed objects', async () => {
  const apps = config.makeApiClient(AppsV1Api)
  const labels = { app: 'x' }
  const made = await apps.createNamespacedDeployment({
    namespace: 'default',
    body: {
      metadata: { name: 'x' },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'x:1' }] } },
      },
    },
  })
  expect(made.spec?.replicas).toBe(1)
  expect(made.metadata?.creationTimestamp).toBeInstanceOf(Date)
  const patched = await apps.patchNamespacedDeployment(
    { name: 'x', namespace: 'default', body: { spec: { replicas: 4 } } },
    setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch),
  )
  expect(patched.spec?.replicas).toBe(4)
  const scale = await apps.readNamespacedDeploymentScale({ name: 'x', namespace: 'default' })
  expect(scale.status?.selector).toBe('app=x')
  await apps.deleteNamespacedDeployment({ name: 'x', namespace: 'default' })
  await expect(apps.readNamespacedDeployment({ name: 'x', namespace: 'default' })).rejects.toMatchObject({
    code: 404,
  })
})

it('informs of changes', async () => {
  const list = () => core.listNamespacedConfigMap({ namespace: 'default' })
  const informer = makeInformer(config, '/api/v1/namespaces/default/configmaps', list)
  const seen: string[] = []
  informer.on('add', ({ metadata }) => seen.push(`add ${metadata?.name}`))
  informer.on('update', ({ metadata }) => seen.push(`update ${metadata?.name}`))
  informer.on('delete', ({ metadata }) => seen.push(`delete ${metadata?.name}`))
  await informer.start()
  const body = { metadata: { name: 'informed' } }
  await core.createNamespacedConfigMap({ namespace: 'default', body })
  await core.replaceNamespacedConfigMap({
    name: 'informed',
    namespace: 'default',
    body: { ...body, data: { a: '1' } },
  })
  await core.deleteNamespacedConfigMap({ name: 'informed', namespace: 'default' })
  await expect.poll(() => seen).toEqual(['add informed', 'update informed', 'delete informed'])
  await informer.stop()
})

it('reads logs', async () => {
  const output = new PassThrough()
  await new Log(config).log('default', 'web', 'app', output, { tailLines: 5 })
  expect(await text(output)).toBe('default/web/app\ntail 5\n')
})

it('runs commands, with their input and exit code', async () => {
  const run = async (command: string[], stdin?: PassThrough) => {
    const stdout = new PassThrough()
    const { promise, resolve } = Promise.withResolvers<V1Status>()
    await new Exec(config).exec('default', 'web', 'app', command, stdout, null, stdin ?? null, false, resolve)
    const status = await promise
    stdout.end()
    return { status, output: await text(stdout) }
  }
  const said = await run(['echo', 'a', 'b c'])
  expect(said).toMatchObject({ output: 'a b c\n', status: { status: 'Success' } })
  const failed = await run(['exit', '3'])
  expect(failed.status).toMatchObject({
    reason: 'NonZeroExitCode',
    message: 'command terminated with non-zero exit code: exit status 3',
    details: { causes: [{ reason: 'ExitCode', message: '3' }] },
  })
})

it('forwards ports', async () => {
  const input = new PassThrough()
  const output = new PassThrough()
  const errors = new PassThrough()
  await new PortForward(config).portForward('default', 'web', [80], output, errors, input)
  input.write('ping')
  const [answer] = await once(output, 'data')
  expect(String(answer)).toBe('ping')
})

it('reads metrics', async () => {
  const metrics = new Metrics(config)
  const pods = await metrics.getPodMetrics('default')
  expect(pods.items).toMatchObject([
    {
      metadata: { name: 'web', labels: { app: 'web' } },
      containers: [{ usage: { cpu: '12000000n', memory: '33792Ki' } }],
    },
  ])
})
