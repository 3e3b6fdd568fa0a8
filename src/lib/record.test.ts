import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ensureDir, stateDir } from './paths.ts'
import { type RunRecord, readRecord, recordPath, requireRecord, writeRecord } from './record.ts'

let env: { DEVENV_HOME: string }
beforeEach(async () => {
  env = { DEVENV_HOME: await mkdtemp(join(tmpdir(), 'record-')) }
})
afterEach(() => rm(env.DEVENV_HOME, { recursive: true }))

const record: RunRecord = {
  apiVersion: 'devenv/v1',
  kind: 'Run',
  name: 'x',
  createdAt: '2026-01-01T00:00:00Z',
  checkout: '/src',
  cluster: { kind: 'embedded', reason: 'no engine', kubernetes: 'v1.35.0', kubeconfig: '/k' },
  profile: 'fast',
  namespace: 'team1-ns',
  release: 'team1-project',
  endpoints: {},
  components: [],
  phase: 'Starting',
}

test('what is written is read', async () => {
  await writeRecord(record, env)
  expect(await readRecord('x', env)).toEqual(record)
})

test('no record: undefined, or ABSENT with what to run', async () => {
  expect(await readRecord('x', env)).toBeUndefined()
  await expect(requireRecord('x', env)).rejects.toMatchObject({
    code: 'ABSENT',
    exitCode: 1,
    fix: 'npm run up',
  })
})

test('a damaged record names its file', async () => {
  await ensureDir(stateDir('x', env))
  for (const text of ['{"kind":', '{}', '{"apiVersion":"devenv/v1","kind":"Run","name":"x"}']) {
    await writeFile(recordPath('x', env), text)
    await expect(readRecord('x', env)).rejects.toThrow(/record\.json is damaged/)
  }
})
