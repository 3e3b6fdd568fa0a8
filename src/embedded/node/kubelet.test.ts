/** The kubelet with real processes: start, environment, volumes, probes, restarts, end. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestNode, type TestNode, until } from './testing/node.ts'

let node: TestNode
beforeAll(async () => {
  node = await startTestNode()
})
afterAll(async () => {
  await node[Symbol.asyncDispose]()
})

const status = (name: string) => node.pod(name)?.status
const container = (name: string) => status(name)?.containerStatuses?.[0]
const condition = (name: string, type: string) =>
  status(name)?.conditions?.find((one: { type: string }) => one.type === type)
const isolated = () => node.tier.tier !== 'groups'

const SERVER = `require('http').createServer((q, r) => r.end(process.env.HOSTNAME)).listen(8000)
process.on('SIGTERM', () => process.exit(0))`

async function exec(pod: string, command: string[]): Promise<{ code: number; output: string }> {
  let output = ''
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      output += chunk
      done()
    },
  })
  const { signal } = new AbortController()
  const code = await node.kubelet.agent.exec(
    'default',
    pod,
    undefined,
    command,
    { stdout, stderr: stdout },
    signal,
  )
  return { code, output }
}

describe('a pod', () => {
  it('gets an address of its own, serves on it, and is ready when its probe passes', async () => {
    for (const name of ['web-1', 'web-2']) {
      node.runScript(name, SERVER, {
        container: { readinessProbe: { httpGet: { path: '/', port: 8000 }, periodSeconds: 5 } },
      })
    }
    await until(() => container('web-1')?.ready && container('web-2')?.ready)
    expect(condition('web-1', 'Ready').status).toBe('True')
    expect(status('web-1').phase).toBe('Running')
    expect(status('web-1').podIP).not.toBe(status('web-2').podIP)
    const answer = await fetch(`http://${status('web-2').podIP}:8000/`)
    expect(await answer.text()).toBe('web-2')
    expect(node.events('web-1', 'Started')).toEqual(['Container started'])
  })

  it('ends on SIGTERM and leaves nothing', async () => {
    const { uid } = node.pod('web-2')!.metadata
    const { podIP } = status('web-2')
    node.client.delete('v1/pods', 'default', 'web-2')
    await until(() => !node.pod('web-2'))
    await until(() => !existsSync(join(node.folder, 'pods', uid)))
    await expect(fetch(`http://${podIP}:8000/`)).rejects.toThrow()
    expect(node.events('web-2', 'Killing')).toEqual(['Stopping container app'])
  })

  it('is killed at the end of its grace', async () => {
    node.runScript(
      'deaf',
      `process.on('SIGTERM', () => console.log('no')); setInterval(() => {}, 1000); console.log('up')`,
    )
    await until(() => container('deaf')?.state.running)
    await until(() => existsSync(node.folder) && logged('deaf').includes('up'))
    const from = Date.now()
    node.client.delete('v1/pods', 'default', 'deaf', { gracePeriodSeconds: 1 })
    await until(() => !node.pod('deaf'))
    expect(Date.now() - from).toBeGreaterThan(900)
  })

  it('reads ConfigMaps and Secrets as environment, expanded as the kubelet does', async () => {
    node.client.create('v1/configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'conf', namespace: 'default' },
      data: { LEVEL: 'info' },
    })
    node.client.create('v1/secrets', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'keys', namespace: 'default' },
      data: { TOKEN: Buffer.from('t$(LEVEL)').toString('base64') },
    })
    node.runScript('env', `console.log(JSON.stringify(process.env), process.argv.slice(2).join())`, {
      container: {
        envFrom: [{ configMapRef: { name: 'conf' } }, { secretRef: { name: 'keys' } }],
        env: [
          { name: 'A', value: '$(LEVEL)/$(NOPE)/$$(LEVEL)' },
          { name: 'ME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        ],
        args: ['--level=$(LEVEL)'],
      },
      spec: { restartPolicy: 'Never' },
    })
    await until(() => status('env')?.phase === 'Succeeded')
    const [json, args] = (await node.log('env')).trim().split(/ (?=--)/) as [string, string]
    expect(JSON.parse(json)).toMatchObject({
      LEVEL: 'info',
      TOKEN: 't$(LEVEL)',
      A: 'info/$(NOPE)/$(LEVEL)',
      ME: 'env',
    })
    expect(args).toBe('--level=info')
    expect(JSON.parse(json)).not.toHaveProperty('npm_config_user_agent')
  })

  it('waits for a missing Secret and starts when it comes', async () => {
    node.runScript('waits', SERVER, { container: { envFrom: [{ secretRef: { name: 'later' } }] } })
    await until(() => container('waits')?.state.waiting?.reason === 'CreateContainerConfigError')
    expect(container('waits').state.waiting.message).toBe('secret "later" not found')
    expect(node.events('waits', 'Failed')).toEqual(['Error: secret "later" not found'])
    node.client.create('v1/secrets', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'later', namespace: 'default' },
      data: {},
    })
    await until(() => container('waits')?.state.running)
  })

  it('does not run an image without a runner', async () => {
    node.createPod('alien', { containers: [{ name: 'app', image: 'nginx:1.27' }] })
    await until(() => container('alien')?.state.waiting?.reason === 'ErrImagePull')
    expect(container('alien').state.waiting.message).toContain('devenv/images.yaml')
    await until(() => container('alien')?.state.waiting?.reason === 'ImagePullBackOff')
    expect(container('alien').state.waiting.message).toMatch(
      /^Back-off pulling image "nginx:1.27": ErrImagePull: /,
    )
    expect(status('alien').phase).toBe('Pending')
  })

  it('runs init containers one after the other before the main ones', async () => {
    const say = (name: string) => ({ name, image: 'sh', args: ['-c', `echo ${name}`] })
    node.createPod('stages', {
      restartPolicy: 'Never',
      initContainers: [say('one'), say('two')],
      containers: [say('main')],
    })
    await until(() => status('stages')?.phase === 'Succeeded')
    const at = (list: any[], name: string) =>
      Date.parse(list.find((one) => one.name === name).state.terminated.startedAt)
    const { initContainerStatuses: init, containerStatuses: main } = status('stages')
    expect(at(init, 'one')).toBeLessThanOrEqual(at(init, 'two'))
    expect(at(init, 'two')).toBeLessThanOrEqual(at(main, 'main'))
    expect(condition('stages', 'Initialized')).toMatchObject({ status: 'True', reason: 'PodCompleted' })
    expect(await node.log('stages', 'two')).toBe('two\n')
  })

  it('is restarted when it ends, then backs off', async () => {
    node.createPod('crash', { containers: [{ name: 'app', image: 'sh', args: ['-c', 'echo run; exit 3'] }] })
    await until(() => container('crash')?.state.waiting?.reason === 'CrashLoopBackOff')
    const { uid } = node.pod('crash')!.metadata
    expect(container('crash')).toMatchObject({
      restartCount: 1,
      lastState: { terminated: { exitCode: 3, reason: 'Error' } },
      state: {
        waiting: { message: `back-off 10s restarting failed container=app pod=crash_default(${uid})` },
      },
    })
    expect(status('crash').phase).toBe('Running')
    const previous = await node.kubelet.agent.logs(
      'default',
      'crash',
      { previous: true },
      new AbortController().signal,
    )
    expect((await previous.toArray()).join('')).toBe('run\n')
  })

  it('fails for good with restartPolicy Never', async () => {
    node.createPod('fails', {
      restartPolicy: 'Never',
      containers: [
        {
          name: 'app',
          image: 'sh',
          args: ['-c', 'echo why >&2; exit 4'],
          terminationMessagePolicy: 'FallbackToLogsOnError',
        },
      ],
    })
    await until(() => status('fails')?.phase === 'Failed')
    expect(container('fails').state.terminated).toMatchObject({ exitCode: 4, message: 'why\n' })
    expect(condition('fails', 'Ready')).toMatchObject({ status: 'False', reason: 'PodFailed' })
  })

  it('is restarted by its liveness probe', async () => {
    node.createPod('sick', {
      terminationGracePeriodSeconds: 1,
      containers: [
        {
          name: 'app',
          image: 'sh',
          args: ['-c', 'sleep 60'],
          livenessProbe: {
            exec: { command: ['sh', '-c', 'echo ill; false'] },
            periodSeconds: 1,
            failureThreshold: 1,
          },
        },
      ],
    })
    await until(() => container('sick')?.restartCount === 1)
    expect(container('sick').lastState.terminated.exitCode).toBe(137)
    expect(node.events('sick', 'Unhealthy')[0]).toBe('Liveness probe failed: ill\n')
    expect(node.events('sick', 'Killing')[0]).toBe('Container app failed liveness probe, will be restarted')
    node.client.delete('v1/pods', 'default', 'sick', { gracePeriodSeconds: 0 })
  })

  it('says that a program is not there', async () => {
    node.createPod('nothing', {
      restartPolicy: 'Never',
      containers: [{ name: 'app', image: 'sh', command: ['no-such-program'] }],
    })
    await until(() => status('nothing')?.phase === 'Failed')
    expect(container('nothing').state.terminated).toMatchObject({ exitCode: 128, reason: 'StartError' })
  })
})

describe('volumes', () => {
  it('appear at their mount paths, in places that the host does not have, and follow their source', async (context) => {
    if (!isolated()) context.skip(node.tier.reason)
    node.client.create('v1/configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'files', namespace: 'default' },
      data: { 'a.txt': 'one' },
    })
    node.createPod('files', {
      volumes: [
        { name: 'conf', configMap: { name: 'files' } },
        { name: 'scratch', emptyDir: {} },
      ],
      containers: [
        {
          name: 'app',
          image: 'sh',
          args: ['-c', 'sleep 60'],
          volumeMounts: [
            { name: 'conf', mountPath: '/no/such/place', readOnly: true },
            { name: 'conf', mountPath: '/etc/devenv-test/a.txt', subPath: 'a.txt' },
            { name: 'scratch', mountPath: '/run/devenv-test/scratch' },
          ],
        },
      ],
    })
    await until(() => container('files')?.state.running)
    await until(() => existsSync(join(node.folder, 'pods', node.pod('files')!.metadata.uid, 'logs')))
    expect(await exec('files', ['cat', '/no/such/place/a.txt', '/etc/devenv-test/a.txt'])).toEqual({
      code: 0,
      output: 'oneone',
    })
    expect((await exec('files', ['touch', '/no/such/place/b'])).code).not.toBe(0)
    expect((await exec('files', ['touch', '/run/devenv-test/scratch/b'])).code).toBe(0)
    expect((await exec('files', ['getent', 'hosts', 'files'])).output).toContain(status('files').podIP)
    const current = node.client.get('v1/configmaps', 'default', 'files')!
    node.client.update('v1/configmaps', { ...current, data: { 'a.txt': 'two' } })
    const volume = join(node.folder, 'pods', node.pod('files')!.metadata.uid, 'volumes/conf/a.txt')
    await until(() => readFileSync(volume, 'utf8') === 'two')
    expect((await exec('files', ['cat', '/no/such/place/a.txt', '/etc/devenv-test/a.txt'])).output).toBe(
      'twoone',
    )
    expect(existsSync('/no') || existsSync('/etc/devenv-test') || existsSync('/run/devenv-test')).toBe(false)
    node.client.delete('v1/pods', 'default', 'files', { gracePeriodSeconds: 0 })
  })

  it('hold a pod back until they can be made', async () => {
    node.createPod('unmounted', {
      volumes: [{ name: 'v', secret: { secretName: 'absent' } }],
      containers: [
        {
          name: 'app',
          image: 'sh',
          args: ['-c', 'sleep 60'],
          volumeMounts: [{ name: 'v', mountPath: '/x' }],
        },
      ],
    })
    await until(() => node.events('unmounted', 'FailedMount').length > 0)
    expect(node.events('unmounted', 'FailedMount')[0]).toBe(
      'MountVolume.SetUp failed for volume "v" : secret "absent" not found',
    )
    expect(container('unmounted').state.waiting.reason).toBe('ContainerCreating')
  })
})

describe('the agent', () => {
  it('runs commands in the container and answers their exit code', async () => {
    const { code, output } = await exec('web-1', ['sh', '-c', 'echo $HOSTNAME; exit 7'])
    expect({ code, output }).toEqual({ code: 7, output: 'web-1\n' })
  })

  it('follows a log to the end of its container', async () => {
    node.createPod('talks', {
      restartPolicy: 'Never',
      containers: [{ name: 'app', image: 'sh', args: ['-c', 'echo a; sleep 0.3; echo b'] }],
    })
    await until(() => container('talks')?.state.running)
    const stream = await node.kubelet.agent.logs(
      'default',
      'talks',
      { follow: true },
      new AbortController().signal,
    )
    expect((await stream.toArray()).join('')).toBe('a\nb\n')
  })

  it('refuses logs as the kubelet does', async () => {
    await expect(node.log('web-1', 'other')).rejects.toThrow('container other is not valid for pod web-1')
    await expect(node.log('alien')).rejects.toThrow(
      'container "app" in pod "alien" is waiting to start: trying and failing to pull image',
    )
    const previous = node.kubelet.agent.logs(
      'default',
      'web-1',
      { previous: true },
      new AbortController().signal,
    )
    await expect(previous).rejects.toThrow('previous terminated container "app" in pod "web-1" not found')
  })

  it('connects to the port of a pod', async () => {
    const socket = await node.kubelet.agent.connect('default', 'web-1', 8000)
    socket.write('GET / HTTP/1.0\r\n\r\n')
    expect((await socket.toArray()).join('')).toContain('web-1')
  })
})

function logged(pod: string): string {
  const folder = join(node.folder, 'pods', node.pod(pod)!.metadata.uid, 'logs/app')
  return existsSync(folder)
    ? readdirSync(folder)
        .map((file) => readFileSync(join(folder, file), 'utf8'))
        .join('')
    : ''
}
