import Ajv from 'ajv'
import { expect, test } from 'vitest'
import { TASKS } from '../worker/tasks.ts'
import { answerTo, proseTo } from './answer.ts'

test.each(Object.values(TASKS))('answers $name in its shape, whatever the prompt', (task) => {
  const fits = new Ajv.default({ strict: false }).compile(task.schema)
  for (let index = 0; index < 50; index++) {
    expect([fits(answerTo(task.schema, `Prompt ${index} about Kubernetes`)), fits.errors]).toEqual([
      true,
      null,
    ])
  }
})

test('one prompt, one answer; another prompt, another answer', () => {
  const { schema } = TASKS.resume_evaluation_task!
  expect(answerTo(schema, 'Anna knows Python')).toEqual(answerTo(schema, 'Anna knows Python'))
  expect(answerTo(schema, 'Anna knows Python')).not.toEqual(answerTo(schema, 'Igor knows Kafka'))
})

test('speaks of what the prompt names, in any script', () => {
  expect(proseTo('резюме: Анна')).toContain('Анна')
  expect(proseTo('nothing to name')).toContain('the request')
})

test('the items of a list differ', () => {
  const list = answerTo(
    { type: 'array', items: { type: 'string' }, minItems: 3, maxItems: 3 },
    'One',
  ) as string[]
  expect(new Set(list).size).toBe(3)
})
