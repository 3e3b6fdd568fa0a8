import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FakeEngine } from '../lib/docker/testing/fake-engine.ts'
import { FakeApi } from '../lib/kube/testing/fake-api.ts'
import { type RunRecord, writeRecord } from '../lib/record.ts'
import * as doctor from './doctor.ts'
import * as env from './env.ts'
import * as kubectl from './kubectl.ts'
import * as load from './load.ts'
import * as logs from './logs.ts'
import * as parity from './parity.ts'
import * as paths from './paths.ts'
import * as purge from './purge.ts'
import * as status from './status.ts'
import { runCommand } from './testing-io.ts'

let home: string
let environment: Record<string, string | undefined>
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'commands-'))
  // An engine of whoever runs the tests, and its mirrors, are none of theirs.
  const DOCKER_HOST = `unix://${join(home, 'no-engine.sock')}`
  environment = { DEVENV_HOME: home, PATH: join(home, 'bin'), DOCKER_HOST }
})
afterEach(() => rm(home, { recursive: true }))

/** An environment called `here` whose API server is at this address. */
async function bringUp(
  server = 'http://127.0.0.1:1',
  endpoints: RunRecord['endpoints'] = {},
): Promise<string> {
  const kubeconfig = join(home, 'kubeconfig')
  const contexts = [{ name: 'c', context: { cluster: 'c' } }]
  await writeFile(
    kubeconfig,
    JSON.stringify({ 'current-context': 'c', contexts, clusters: [{ name: 'c', cluster: { server } }] }),
  )
  const record: RunRecord = {
    apiVersion: 'devenv/v1',
    kind: 'Run',
    name: 'here',
    createdAt: '2026-01-01T00:00:00Z',
    checkout: '/checkout',
    cluster: { kind: 'embedded', reason: 'no engine', kubernetes: 'v1.35.0', kubeconfig },
    profile: 'fast',
    namespace: 'team1-ns',
    release: 'team1-project',
    endpoints,
    components: [],
    phase: 'Ready',
  }
  await writeRecord(record, environment)
  return kubeconfig
}

test('status of an absent environment is a result, not a failure', async () => {
  const ran = await runCommand(status.register, ['status', '--json', '--name', 'nowhere'], environment)
  expect(ran).toMatchObject({ exitCode: 0, error: undefined })
  expect(JSON.parse(ran.stdout)).toMatchObject({
    apiVersion: 'devenv/v1',
    kind: 'Status',
    name: 'nowhere',
    phase: 'Absent',
  })
})

test.each([
  [load.register, ['load']],
  [logs.register, ['logs']],
  [env.register, ['env']],
  [kubectl.register, ['kubectl', 'get', 'pods']],
])('%o of an absent environment says how to make one', async (register, args) => {
  const { error } = await runCommand(register, args, environment)
  expect(error).toMatchObject({ code: 'ABSENT', exitCode: 1, fix: 'npm run up' })
})

test.each([
  ['--messages', '0'],
  ['--messages', 'many'],
  ['--rate', 'fast'],
  ['--timeout', 'soon'],
  ['--no-such-flag', ''],
])('load %s %s is a usage error', async (...flags) => {
  const { error, stderr } = await runCommand(load.register, ['load', ...flags], environment)
  expect((error as any).cause?.code).toMatch(/^commander\./)
  expect(stderr).toMatch(/^error: /)
})

test('env prints exports that a shell can read, and JSON', async () => {
  const kubeconfig = await bringUp('http://127.0.0.1:1', {
    vault: 'http://127.0.0.1:8200',
    coreApi: "http://it's",
  })
  const ran = await runCommand(env.register, ['env', '--name', 'here'], environment)
  expect(ran.stdout).toContain(`export KUBECONFIG='${kubeconfig}'\n`)
  expect(ran.stdout).toContain(`export CORE_API_URL='http://it'\\''s'\n`)
  expect(ran.stdout).not.toContain('POSTGRES_URL')
  const { stdout } = await runCommand(env.register, ['--json', '--name', 'here', 'env'], environment)
  expect(JSON.parse(stdout)).toMatchObject({
    kind: 'Env',
    variables: { VAULT_ADDR: 'http://127.0.0.1:8200' },
  })
})

test('paths are below DEVENV_HOME', async () => {
  await bringUp()
  const { stdout } = await runCommand(paths.register, ['paths', '--json', '--name', 'here'], environment)
  expect(JSON.parse(stdout)).toMatchObject({
    cache: join(home, 'cache'),
    state: join(home, 'state', 'here'),
    environments: ['here'],
  })
})

test('kubectl gets every argument after it, our kubeconfig, and its exit code is ours', async () => {
  const kubeconfig = await bringUp()
  await mkdir(join(home, 'bin'))
  const seen = join(home, 'seen')
  await writeFile(
    join(home, 'bin', 'kubectl'),
    `#!/bin/sh\necho "$KUBECONFIG $KUBECACHEDIR $*" > ${seen}\nexit 3\n`,
  )
  await chmod(join(home, 'bin', 'kubectl'), 0o755)
  const args = ['--name', 'here', 'kubectl', 'get', 'pods', '--name', 'x', '--json', '--help', '-n', 'a']
  const ran = await runCommand(kubectl.register, args, environment)
  expect(ran).toMatchObject({ exitCode: 3, error: undefined })
  const { readFile } = await import('node:fs/promises')
  const cache = join(home, 'state', 'here', 'kubectl-cache')
  expect(await readFile(seen, 'utf8')).toBe(`${kubeconfig} ${cache} get pods --name x --json --help -n a\n`)
})

test('without a kubectl the error says how to get one', async () => {
  await bringUp()
  const { error } = await runCommand(kubectl.register, ['--name', 'here', 'kubectl', 'version'], environment)
  expect(error).toMatchObject({ code: 'PREFLIGHT', exitCode: 3 })
})

test('logs of all pods of a workload, by its short name', async () => {
  await using api = await FakeApi.start()
  const metadata = (name: string) => ({ name, namespace: 'team1-ns' })
  const selector = { matchLabels: { app: 'w' } }
  api.put('apps/v1/deployments', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata('team1-project-w'),
    spec: { selector },
  })
  for (const name of ['w-1', 'w-2']) {
    api.put('v1/pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: metadata(name),
      spec: { containers: [{ name: 'main' }] },
    })
    api.answers.set(`/api/v1/namespaces/team1-ns/pods/${name}/log`, (response) =>
      response.end(`from ${name}\n`),
    )
  }
  await bringUp(api.url)
  const ran = await runCommand(logs.register, ['logs', 'w', '--name', 'here', '--tail', '5'], environment)
  expect(ran.stdout).toBe('w-1 from w-1\nw-2 from w-2\n')
  expect(api.requests.map(({ url }) => url)).toContain(
    '/api/v1/namespaces/team1-ns/pods?labelSelector=app%3Dw&limit=500',
  )
  expect(api.requests.at(-1)?.url).toContain('log?tailLines=5&container=main')
  const unknown = await runCommand(logs.register, ['logs', 'x', '--name', 'here'], environment)
  expect(unknown.error).toMatchObject({ code: 'USAGE', fix: 'There are: w.' })
})

test('doctor names what is missing with a fix, and exits 3 then', async () => {
  const { stdout, exitCode } = await runCommand(doctor.register, ['doctor', '--json'], environment)
  const { able, findings } = JSON.parse(stdout)
  // The PATH of this test is empty.
  const npm = findings.find(({ name }: { name: string }) => name === 'npm')
  expect(npm).toMatchObject({ verdict: 'missing', fix: expect.stringMatching(/npm/) })
  expect(able).toBe(false)
  expect(exitCode).toBe(3)
})

test.each([status, load, logs, env, paths, doctor])('help has examples', async ({ register }) => {
  let name = ''
  const { stdout } = await runCommand(
    (program, io) => {
      register(program, io)
      name = program.commands[0]!.name()
      program.commands[0]!.exitOverride()
    },
    ['--json', 'no-such-command'],
    environment,
  ).then(() => runCommand(register, [name, '--help'], environment))
  expect(stdout).toContain('Examples:')
})

test('a wrong DEVENV_NAME is a usage error like a wrong --name', async () => {
  const named = { ...environment, DEVENV_NAME: 'Bad Name' }
  const ran = await runCommand(status.register, ['status'], named)
  expect(ran.error).toMatchObject({ code: 'USAGE', message: '"Bad Name" is no environment name' })
  const other = await runCommand(status.register, ['status', '--name', 'nowhere'], named)
  expect(other.error).toBeUndefined()
})

test('purge tells how much, removes nothing unasked, and leaves state alone', async () => {
  await bringUp()
  const none = await runCommand(purge.register, ['purge'], environment)
  expect(none).toMatchObject({ error: undefined, stdout: expect.stringContaining('nothing to remove') })
  await mkdir(join(home, 'cache', 'rabbitmq'), { recursive: true })
  await writeFile(join(home, 'cache', 'rabbitmq', 'a.deb'), Buffer.alloc(3 << 20))
  const asked = await runCommand(purge.register, ['purge', '--no-input'], environment)
  expect(asked.stdout).toBe(
    `there are 3.0 MB in ${join(home, 'cache')}; nothing was removed (--yes removes them)\n`,
  )
  expect(existsSync(join(home, 'cache', 'rabbitmq', 'a.deb'))).toBe(true)
  const ran = await runCommand(purge.register, ['purge', '--yes', '--json'], environment)
  expect(JSON.parse(ran.stdout)).toMatchObject({ kind: 'Purge', bytes: 3 << 20, removed: true })
  expect(existsSync(join(home, 'cache'))).toBe(false)
  expect(existsSync(join(home, 'state', 'here', 'record.json'))).toBe(true)
})

test('purge takes the mirrors’ volumes, too, unless a container has one', async () => {
  await using engine = await FakeEngine.start()
  const withEngine = { ...environment, ...engine.env }
  const managed = { 'app.kubernetes.io/managed-by': 'devenv' }
  const ofLab = { ...managed, 'devenv/environment': 'lab' }
  engine.things.push(
    { kind: 'volumes', id: 'devenv-mirror-ghcr-io', labels: managed, bytes: 5 << 20 },
    { kind: 'volumes', id: 'devenv-lab-registry', labels: ofLab, bytes: 1 << 20 },
    { kind: 'volumes', id: 'somebody', labels: {} },
    { kind: 'images', id: 'sha256:layer', labels: managed, untagged: true },
    { kind: 'containers', id: 'mirror', labels: ofLab, volumes: ['devenv-mirror-ghcr-io'] },
  )
  engine.prunes = true
  const busy = await runCommand(purge.register, ['purge', '--yes'], withEngine)
  expect(busy.error).toMatchObject({ code: 'BUSY', message: 'the caches are in use by lab' })
  expect(engine.deleted).toEqual([])
  engine.things.pop()
  const asked = await runCommand(purge.register, ['purge', '--no-input'], withEngine)
  expect(asked.stdout).toContain('5.0 MB of images in volumes (devenv-mirror-ghcr-io)')
  const ran = await runCommand(purge.register, ['purge', '--yes', '--json'], withEngine)
  expect(JSON.parse(ran.stdout)).toMatchObject({
    mirrors: [{ volume: 'devenv-mirror-ghcr-io', bytes: 5 << 20 }],
    removed: true,
  })
  expect(engine.deleted).toEqual(['volumes devenv-mirror-ghcr-io', 'images sha256:layer'])
})

test.each(['docker', 'embedded', 'context:'])(
  'parity --against %s is refused with what there is',
  async (kind) => {
    const ran = await runCommand(parity.register, ['parity', '--against', kind], environment)
    expect(ran.error).toMatchObject({
      code: 'USAGE',
      message: `--against ${kind}: there are auto, k3d, context:NAME and none`,
    })
  },
)

test('purge takes the layers of builds where there is nothing else', async () => {
  await using engine = await FakeEngine.start()
  const labels = { 'app.kubernetes.io/managed-by': 'devenv' }
  engine.things.push({ kind: 'images', id: 'sha256:layer', labels, untagged: true })
  engine.prunes = true
  const ran = await runCommand(purge.register, ['purge', '--yes'], { ...environment, ...engine.env })
  expect(ran.stdout).toBe('removed untagged images of builds (1); the next up fetches what it needs\n')
  expect(engine.deleted).toEqual(['images sha256:layer'])
})
