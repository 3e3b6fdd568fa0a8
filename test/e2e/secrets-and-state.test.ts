/** Secrets, reports and checkpoints against a real broker, database and Vault: nothing here can be faked by a stub. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sandbox, sandbox } from './devenv.ts'

let box: Sandbox
beforeAll(async () => {
  box = await sandbox()
  await box.json('up', '--cluster', 'embedded')
})
afterAll(() => box[Symbol.asyncDispose]())

interface Stage {
  id: string
  did: string
}

/** Every value that Vault has ever held, and the environment's tokens. */
async function secretsOfVault(): Promise<{
  values: Set<string>
  read(path: string): Promise<Record<string, string>>
}> {
  const file = join(box.stateRoot, 'devenv', box.name, 'vault-access.json')
  const { address, token, mount } = JSON.parse(await readFile(file, 'utf8'))
  const ask = async (path: string) => {
    const response = await fetch(`${address}/v1/${mount}/${path}`, { headers: { 'x-vault-token': token } })
    return ((await response.json()) as { data: any }).data
  }
  const read = async (path: string, version = 0) => (await ask(`data/${path}?version=${version}`)).data
  const values = new Set<string>([token])
  for (const path of (await ask('metadata?list=true')).keys) {
    const { current_version: newest } = await ask(`metadata/${path}`)
    for (let version = 1; version <= newest; version++)
      for (const value of Object.values<string>(await read(path, version))) values.add(value)
  }
  return { values, read }
}

test('a rotated broker password reaches broker, Secrets, pods and KEDA, and the load loses nothing', async () => {
  const before = (await (await secretsOfVault()).read('rabbitmq')).RABBITMQ_DEFAULT_PASS
  const { stages, paths } = await box.json<{ stages: Stage[]; paths: { path: string; version: number }[] }>(
    'secret',
    'rotate',
    'rabbitmq',
  )
  expect(paths.map(({ path, version }) => `${path} ${version}`).sort()).toEqual([
    'core-api 2',
    'rabbitmq 2',
    'workers 2',
  ])
  expect(stages.map(({ id }) => id).sort()).toEqual([
    'pods',
    'refresh',
    'scalers',
    'secrets',
    'server',
    'vault',
  ])
  expect(stages.find(({ id }) => id === 'pods')!.did).toMatch(
    /restarted team1-project-core-api \(1\).*rabbitmq goes on/,
  )
  const after = (await (await secretsOfVault()).read('rabbitmq')).RABBITMQ_DEFAULT_PASS
  expect(after).not.toBe(before)
  const { queues } = await box.json<{ queues: Record<string, { lost: number }> }>(
    'load',
    '--messages',
    '12',
    '--wait',
  )
  expect(Object.values(queues).map(({ lost }) => lost)).toEqual([0, 0, 0])
})

test('the report holds objects, events and logs, and no secret in any form', async () => {
  const file = join(box.stateRoot, 'report.zip')
  const { problems } = await box.json<{ problems: string[] }>('diagnose', '--output', file)
  expect(problems).toEqual([])
  const files = Object.entries(unzipSync(await readFile(file))).map(
    ([path, bytes]) => [path, strFromU8(bytes)] as const,
  )
  const names = files.map(([path]) => path.replace(/^[^/]*\//, ''))
  expect(names).toEqual(
    expect.arrayContaining(['status.json', 'events.txt', 'objects/v1/secrets.yaml', 'state/supervisor.log']),
  )
  expect(names.filter((name) => name.startsWith('logs/team1-ns/'))).not.toEqual([])
  const config = files.find(([path]) => path.endsWith('objects/v1/configmaps.yaml'))![1]
  const { values } = await secretsOfVault()
  // What a ConfigMap shows to everybody is no secret: the broker's user, the model's name.
  const secrets = [...values].filter((value) => !config.includes(value))
  expect(secrets.length).toBeGreaterThan(5)
  for (const [path, content] of files)
    for (const secret of secrets) {
      expect(content.includes(secret), `a secret value in ${path}`).toBe(false)
      expect(content.includes(Buffer.from(secret).toString('base64')), `base64 of a secret in ${path}`).toBe(
        false,
      )
    }
})

test('a restored checkpoint has the Vault, the objects and the messages of its moment', async () => {
  const kubectl = (...args: string[]) => box.devenv('kubectl', '--', '-n', 'team1-ns', ...args)
  await box.json('secret', 'set', 'shared', 'MARK=before')
  await box.json('checkpoint', 'one')
  await box.json('secret', 'set', 'shared', 'MARK=after')
  await kubectl('delete', 'deployment', 'team1-project-frontend')
  await box.json('restore', 'one')
  expect((await (await secretsOfVault()).read('shared')).MARK).toBe('before')
  expect((await box.json<{ phase: string }>('status')).phase).toBe('Ready')
  expect((await box.devenv('restore', 'two')).code).toBe(2)
})
