import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { benchHelm } from './helm.ts'

const checkout = join(import.meta.dirname, '../..')
const options = { checkout, runs: 1, progress: () => {} }

it('without helm, says what is missing before it measures', async () => {
  await expect(benchHelm({ ...options, path: '/nowhere' })).rejects.toMatchObject({
    code: 'PREFLIGHT',
    exitCode: 3,
  })
})

it('refuses to time a rendering that differs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-helm-'))
  writeFileSync(join(folder, 'helm'), '#!/bin/sh\necho "kind: Other"\n', { mode: 0o755 })
  try {
    await expect(benchHelm({ ...options, path: folder })).rejects.toMatchObject({ code: 'BUG' })
  } finally {
    rmSync(folder, { recursive: true })
  }
})
