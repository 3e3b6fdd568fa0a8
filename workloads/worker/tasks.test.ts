import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parseRequest, TASKS } from './tasks.ts'

test.each([
  ['job_description_task', 'job-descr'],
  ['question_generation_task', 'question'],
  ['resume_evaluation_task', 'resume'],
])('%s takes every seeded payload of %s', async (queue, file) => {
  const text = await readFile(new URL(`../../seeds/payloads/${file}.json`, import.meta.url), 'utf8')
  const payloads = JSON.parse(text) as unknown[]
  expect(payloads.length).toBeGreaterThan(2)
  for (const payload of payloads) {
    expect(parseRequest(TASKS[queue]!, Buffer.from(JSON.stringify(payload)))).toEqual(payload)
  }
})
