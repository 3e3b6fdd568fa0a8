import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readTrace } from './trace.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trace-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function read(name: string, text: string): Promise<Record<string, readonly number[]>> {
  const path = join(folder, name)
  await writeFile(path, text)
  const trace = await readTrace(path)
  return Object.fromEntries([...trace].map(([queue, times]) => [queue.alias, times]))
}

test('CSV with a header, in any order of time and column, from any zero', async () => {
  const text = 'queue,atMs\nquestion,1500\nresume_evaluation_task,1000\n\n"question",1200.5\n'
  expect(await read('t.csv', text)).toEqual({ 'job-descr': [], question: [200.5, 500], resume: [0] })
})

test('JSON lines with moments', async () => {
  const text =
    '{"time":"2026-01-01T10:00:00.250Z","queue":"question"}\n{"time":"2026-01-01T11:00:00+01:00","queue":"resume"}\n'
  expect(await read('t.jsonl', text)).toEqual({ 'job-descr': [], question: [250], resume: [0] })
})

test.each([
  [
    't.csv',
    'atMs,queue\n1,question\nsoon,question\n2,nowhere\n',
    ['t.csv:3: atMs', 't.csv:4: there is no queue "nowhere"'],
  ],
  ['t.csv', 'time,queue\n2026-01-01T10:00:00Z,question\nyesterday,question\n', ['t.csv:3: time']],
  ['t.csv', 'when,queue\n1,question\n', ['t.csv:2: needs either atMs or time']],
  [
    't.jsonl',
    '{"atMs":1,"queue":"question"}\n{"atMs":\n{"atMs":-1,"queue":"question"}\n',
    ['t.jsonl:2: ', 't.jsonl:3: atMs'],
  ],
  ['t.jsonl', '\n', ['t.jsonl: no arrivals']],
])('%s with a mistake names its lines', async (name, text, problems) => {
  const refused = await read(name, text).catch((thrown) => thrown)
  expect(refused).toMatchObject({ code: 'CONFIG_INVALID' })
  for (const problem of problems) expect(refused.message).toContain(problem)
  expect(refused.message.split('\n')).toHaveLength(problems.length)
})

test('a file that is not there', async () => {
  await expect(readTrace(join(folder, 'none.csv'))).rejects.toThrow(/none\.csv: ENOENT/)
})
