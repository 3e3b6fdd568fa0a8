import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { deployment, pod } from '../explain/testing.ts'
import type { Why } from '../explain/why.ts'
import { FakeApi } from '../lib/kube/testing/fake-api.ts'
import { renderWhy } from './render-why.ts'
import { runCommand } from './testing-io.ts'
import * as why from './why.ts'

let folder: string
let api: FakeApi
let flags: string[]
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'why-'))
  api = await FakeApi.start()
  const kubeconfig = join(folder, 'kubeconfig')
  const contexts = [{ name: 'c', context: { cluster: 'c' } }]
  const clusters = [{ name: 'c', cluster: { server: api.url } }]
  await writeFile(kubeconfig, JSON.stringify({ contexts, clusters }))
  flags = ['--kubeconfig', kubeconfig, '--context', 'c']
})
afterEach(async () => {
  await api[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const checkout = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const run = (...args: string[]) =>
  runCommand(why.register, ['why', ...args, ...flags], { DEVENV_HOME: folder }, checkout)

test('any cluster is explained through its API alone, as JSON with figures', async () => {
  api.put('apps/v1/deployments', deployment('rabbitmq', 1))
  api.put('v1/pods', pod('rabbitmq-1', true))
  const { stdout, error } = await run('rabbitmq', '--json')
  expect(error).toBeUndefined()
  expect(JSON.parse(stdout)).toMatchObject({
    apiVersion: 'devenv/v1',
    kind: 'Why',
    of: 'Deployment',
    name: 'team1-project-rabbitmq',
    namespace: 'team1-ns',
    chain: [
      { step: 'autoscaler' },
      { step: 'replicas', value: 1 },
      { step: 'pods', numbers: { present: 1, ready: 1 } },
    ],
    next: { text: expect.any(String) },
    traps: [],
  })
  expect(api.requests.every(({ method }) => method === 'GET')).toBe(true)
})

test('a name that nothing has is a usage error', async () => {
  api.put('apps/v1/deployments', deployment('rabbitmq', 1))
  expect((await run('rabit')).error).toMatchObject({
    code: 'USAGE',
    exitCode: 2,
    fix: expect.stringContaining('rabbitmq'),
  })
})

test('without an environment and without --kubeconfig it says how to make one', async () => {
  const { error } = await runCommand(why.register, ['why', 'x', '--name', 'none'], { DEVENV_HOME: folder })
  expect(error).toMatchObject({ code: 'ABSENT', fix: 'npm run up' })
})

const answer: Why = {
  apiVersion: 'devenv/v1',
  kind: 'Why',
  of: 'Deployment',
  name: 'x',
  namespace: 'ns',
  chain: [{ step: 'messages', value: 1, text: 'Queue q holds 1 message: 1 ready, 0 unacked.' }],
  next: { text: 'Soon.' },
  traps: [{ code: 'a-trap', text: 'It is so.', fix: 'Do that.' }],
}

test('labels stand in a column, and text is broken between words', () => {
  const plain = (_style: string, text: string) => text
  expect(renderWhy(answer, plain)).toEqual([
    'Deployment x in ns',
    '  messages  Queue q holds 1 message: 1 ready, 0 unacked.',
    '  next      Soon.',
    '  trap      It is so. (a-trap)',
    '  mend      Do that.',
  ])
  expect(renderWhy(answer, plain, 40).slice(1, 3)).toEqual([
    '  messages  Queue q holds 1 message: 1',
    '            ready, 0 unacked.',
  ])
})

test('what keeps it from working comes first, with its mend', () => {
  const plain = (_style: string, text: string) => text
  const missing = {
    code: 'missing-queue',
    text: 'There is no queue.',
    fix: 'Declare it.',
    cause: true as const,
  }
  expect(renderWhy({ ...answer, traps: [...answer.traps, missing] }, plain).slice(1)).toEqual([
    '  cause     There is no queue. (missing-queue)',
    '  mend      Declare it.',
    '  messages  Queue q holds 1 message: 1 ready, 0 unacked.',
    '  next      Soon.',
    '  trap      It is so. (a-trap)',
    '  mend      Do that.',
  ])
})
