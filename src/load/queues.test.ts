import { expect, test } from 'vitest'
import { chooseQueues } from './queues.ts'

test('all, one, several, by short or full name, in a fixed order', () => {
  const aliases = (text: string) => chooseQueues(text).map(({ alias }) => alias)
  expect(aliases('all')).toEqual(['job-descr', 'question', 'resume'])
  expect(aliases('resume,job-descr')).toEqual(['job-descr', 'resume'])
  expect(aliases('question_generation_task')).toEqual(['question'])
  expect(() => chooseQueues('questions')).toThrow(/there is no queue "questions"/)
})
