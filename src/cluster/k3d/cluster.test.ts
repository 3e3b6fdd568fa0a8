import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { findEngine } from '../../lib/docker/engine.ts'
import { FakeEngine } from '../../lib/docker/testing/fake-engine.ts'
import { ensureCluster } from './cluster.ts'

it('leaves no configuration behind, which may hold the password of a proxy: nor k3d’s copies', async () => {
  await using engine = await FakeEngine.start()
  const found = await findEngine(engine.env)
  if ('absent' in found) throw new Error(found.absent)
  const stateDir = await mkdtemp(join(tmpdir(), 'dv-k3d-'))
  const binary = join(stateDir, 'k3d')
  const seen = join(stateDir, 'seen')
  const script = [
    '#!/bin/sh',
    `cp "$4" ${seen}`,
    `cp "$4" ${stateDir}/k3d-config-tmp-k3d.yaml123`,
    'exit $CODE',
  ]
  await writeFile(binary, script.join('\n'), { mode: 0o700 })
  const create = (code: string) =>
    ensureCluster(
      found.engine,
      { binary, env: { PATH: process.env.PATH, CODE: code } },
      { environment: 'demo', stateDir, config: 'HTTPS_PROXY=http://me:word@proxy' },
      { waiting: () => undefined, signal: new AbortController().signal },
    )
  await create('0')
  await expect(create('1')).rejects.toMatchObject({ code: 'CHILD_FAILED' })
  expect(await readFile(seen, 'utf8')).toContain('me:word')
  expect((await readdir(stateDir)).sort()).toEqual(['k3d', 'seen'])
  await rm(stateDir, { recursive: true })
})
