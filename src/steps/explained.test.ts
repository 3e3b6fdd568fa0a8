import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DevenvError } from '../lib/errors.ts'
import { explained } from './explained.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'explained-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('a failure without fix and log gets both, its code and exit code stay', async () => {
  await writeFile(join(folder, 'timings.json'), '')
  const error = explained(new DevenvError('DEADLINE', 'Workloads: not done within 3 s'), folder)
  expect(error).toMatchObject({
    code: 'DEADLINE',
    exitCode: 124,
    message: 'Workloads: not done within 3 s',
    fix: expect.stringContaining('npm run up resumes'),
    log: join(folder, 'timings.json'),
  })
  await writeFile(join(folder, 'supervisor.log'), '')
  expect(explained(new DevenvError('BUG', 'x'), folder).log).toBe(join(folder, 'supervisor.log'))
})

test('what an error says itself is kept', () => {
  const error = explained(new DevenvError('PORT_BUSY', 'taken', { fix: 'free it', log: '/log' }), folder)
  expect(error).toMatchObject({ fix: 'free it', log: '/log' })
  const interrupted = new DevenvError('INTERRUPTED', 'interrupted')
  expect(explained(interrupted, folder)).toBe(interrupted)
})
