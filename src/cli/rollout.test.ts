/** The commands against a small API: what they print, what they write, how they fail. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FakeApi } from '../lib/kube/testing/fake-api.ts'
import { writeRecord } from '../lib/record.ts'
import { pausedCanary, podObject, replicaSetObject, rolloutObject } from '../rollout/testing-objects.ts'
import { rolloutView } from '../rollout/view.ts'
import { renderRollout } from './render-rollout.ts'
import { register } from './rollout.ts'
import { runCommand } from './testing-io.ts'

const BASE = '/apis/argoproj.io/v1alpha1/namespaces/team1-ns/rollouts'

let home: string
let api: FakeApi
let env: Record<string, string | undefined>

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'rollout-'))
  env = { DEVENV_HOME: home }
  api = await FakeApi.start()
  const kubeconfig = join(home, 'kubeconfig')
  const contexts = [{ name: 'c', context: { cluster: 'c' } }]
  const clusters = [{ name: 'c', cluster: { server: api.url } }]
  await writeFile(kubeconfig, JSON.stringify({ 'current-context': 'c', contexts, clusters }))
  await writeRecord(
    {
      apiVersion: 'devenv/v1',
      kind: 'Run',
      name: 'here',
      createdAt: '2026-01-01T00:00:00Z',
      checkout: '/checkout',
      cluster: { kind: 'embedded', reason: 'no engine', kubernetes: 'v1.35.0', kubeconfig },
      profile: 'fast',
      namespace: 'team1-ns',
      release: 'team1-project',
      endpoints: {},
      components: [],
      phase: 'Ready',
    },
    env,
  )
  const { rollout, replicaSets, pods } = pausedCanary()
  api.put('argoproj.io/v1alpha1/rollouts', rollout)
  for (const replicaSet of replicaSets) api.put('apps/v1/replicasets', replicaSet)
  for (const pod of pods) api.put('v1/pods', pod)
})
afterEach(async () => {
  await api[Symbol.asyncDispose]()
  await rm(home, { recursive: true })
})

const run = (...args: string[]) => runCommand(register, ['--name', 'here', 'rollout', ...args], env)
const writes = () =>
  api.requests
    .filter(({ method }) => method !== 'GET')
    .map(({ url, body }) => [url.replace(/\?.*/, ''), JSON.parse(body)])

test('the tree is laid out as the plugin lays it out', () => {
  const lines = renderRollout(
    rolloutView(pausedCanary()),
    (_style, text) => text,
    Date.UTC(2026, 0, 1, 0, 1, 30),
  )
  expect(lines).toEqual([
    'Name:            team1-project-core-api',
    'Namespace:       team1-ns',
    'Status:          ॥ Paused',
    'Message:         CanaryPauseStep',
    'Strategy:        Canary',
    '  Step:          1/3',
    '  SetWeight:     25',
    '  ActualWeight:  25',
    'Images:          core-api:1 (stable)',
    '                 core-api:2 (canary)',
    'Replicas:',
    '  Desired:       4',
    '  Current:       4',
    '  Updated:       1',
    '  Ready:         4',
    '  Available:     4',
    '',
    'NAME                                KIND        STATUS     AGE  INFO',
    '⟳ team1-project-core-api            Rollout     ॥ Paused   90s',
    '├──# revision:2',
    '│  └──⧉ team1-project-core-api-bbb  ReplicaSet  ✔ Healthy  90s  canary',
    '│     └──□ core-api-bbb-c-1         Pod         ✔ Running  90s  ready:1/1',
    '└──# revision:1',
    '   └──⧉ team1-project-core-api-aaa  ReplicaSet  ✔ Healthy  90s  stable',
    '      ├──□ core-api-aaa-s-1         Pod         ✔ Running  90s  ready:1/1',
    '      ├──□ core-api-aaa-s-2         Pod         ✔ Running  90s  ready:1/1',
    '      └──□ core-api-aaa-s-3         Pod         ✔ Running  90s  ready:1/1',
  ])
})

test('an Experiment hangs below its revision, with its own ReplicaSets and pods', () => {
  const objects = pausedCanary()
  const set = replicaSetObject(2, 'ccc', 1)
  set.metadata.name = 'compare-baseline'
  const experiment = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Experiment',
    metadata: { ...set.metadata, name: 'compare', uid: 'experiment' },
    status: { phase: 'Running' },
  }
  objects.experiments = [{ experiment, replicaSets: [set], analysisRuns: [] }]
  objects.pods.push(podObject('compare-baseline-x', 'ccc'))
  const lines = renderRollout(rolloutView(objects), (_style, text) => text, Date.UTC(2026, 0, 1, 0, 1, 30))
  expect(lines.slice(8, 10)).toEqual([
    'Images:          core-api:1 (stable)',
    '                 core-api:2 (canary, Σ:baseline)',
  ])
  const at = lines.findIndex((line) => line.includes('# revision:2'))
  expect(lines.slice(at, at + 6).map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
    '├──# revision:2',
    '│ ├──⧉ team1-project-core-api-bbb ReplicaSet ✔ Healthy 90s canary',
    '│ │ └──□ core-api-bbb-c-1 Pod ✔ Running 90s ready:1/1',
    '│ └──Σ compare Experiment ✔ Running 90s',
    '│ └──⧉ compare-baseline ReplicaSet ✔ Healthy 90s',
    '│ └──□ compare-baseline-x Pod ✔ Running 90s ready:1/1',
  ])
})

test('get prints the tree, or one object', async () => {
  const { stdout } = await run('get', 'core-api')
  expect(stdout).toContain('⟳ team1-project-core-api')
  const json = JSON.parse((await run('get', '--json')).stdout)
  expect(json).toMatchObject({
    kind: 'Rollout',
    phase: 'Paused',
    canary: { step: 1, steps: 3, setWeight: 25, actualWeight: 25 },
    revisions: [{ revision: 2, replicaSets: [{ tags: ['canary'] }] }, { revision: 1 }],
  })
})

test.each([
  [['promote'], 'promoted', { status: { pauseConditions: null } }],
  [['promote', 'core-api', '--full'], 'fully promoted', { status: { promoteFull: true } }],
  [['abort'], 'aborted', { status: { abort: true } }],
  [['retry'], 'retried', { status: { abort: false } }],
])('%j writes to /status', async (args, done, patch) => {
  api.answers.set(`${BASE}/team1-project-core-api/status`, (response) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify(rolloutObject())),
  )
  const { stdout, error } = await run(...args)
  expect(error).toBeUndefined()
  expect(stdout).toBe(`rollout 'team1-project-core-api' ${done}\n`)
  expect(writes()).toEqual([[`${BASE}/team1-project-core-api/status`, patch]])
})

test('restart writes the time to the spec', async () => {
  await run('restart')
  const restartAt = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  expect(writes()).toEqual([[`${BASE}/team1-project-core-api`, { spec: { restartAt } }]])
})

test('undo writes the earlier template back, without the hash', async () => {
  const { stdout } = await run('undo')
  const [[url, patch]] = writes() as [[string, any]]
  expect(url).toBe(`${BASE}/team1-project-core-api`)
  expect(patch).toMatchObject([{ op: 'replace', path: '/spec/template' }])
  expect(patch[0].value.metadata.labels).toEqual({ app: 'core-api' })
  expect(patch[0].value.spec.containers[0].image).toBe('core-api:1')
  expect(stdout).toContain('the template of revision 1 is back')
  expect((await run('undo', '--to-revision', '2')).stdout).toContain('skipped rollback')
})

test('history lists the revisions', async () => {
  const { stdout } = await run('history')
  expect(stdout).toMatch(/^REVISION.*\n2 .*core-api:2 .*canary\n1 .*core-api:1 .*stable\n$/)
})

test('status says how it is, waits for the end, and fails when that is bad', async () => {
  const now = await run('status', '--no-watch')
  expect(now).toMatchObject({ stdout: 'Paused - CanaryPauseStep\n', error: undefined })
  const late = await run('status', '--timeout', '50ms')
  expect(late.error).toMatchObject({ code: 'DEADLINE', exitCode: 124 })
  api.put(
    'argoproj.io/v1alpha1/rollouts',
    rolloutObject({ status: { phase: 'Degraded', message: 'RolloutAborted: x' } }),
  )
  const bad = await run('status')
  expect(bad.error).toMatchObject({
    code: 'STEP_FAILED',
    exitCode: 1,
    message: expect.stringContaining('RolloutAborted: x'),
  })
})

test('an unknown name, and no environment', async () => {
  expect((await run('get', 'web')).error).toMatchObject({ code: 'USAGE', fix: 'There are: core-api.' })
  const absent = await runCommand(register, ['rollout', 'get', '--name', 'nowhere'], env)
  expect(absent.error).toMatchObject({ code: 'ABSENT', exitCode: 1 })
})
