import { expect, test } from 'vitest'
import { mixOf, share } from './mix.ts'

const shown = (mix: ReturnType<typeof mixOf>) => mix.map(({ queue, weight }) => [queue.alias, weight])

test('even parts, or those of --mix; a queue without a share is left out', () => {
  expect(shown(mixOf('question,resume', undefined))).toEqual([
    ['question', 1],
    ['resume', 1],
  ])
  expect(shown(mixOf('all', 'resume_evaluation_task=1, question=3,job-descr=0'))).toEqual([
    ['question', 1.5],
    ['resume', 0.5],
  ])
})

test('what cannot be read is a usage error that names the part', () => {
  for (const flag of ['question', 'question=x', 'question=1,question=2', 'question=0', '', 'question=-1'])
    expect(() => mixOf('all', flag)).toThrow(/--mix: /)
  expect(() => mixOf('all', 'questions=1')).toThrow(/--mix: there is no queue "questions"/)
})

test('shares add up to the whole', () => {
  const mix = mixOf('all', 'question=5,resume=1,job-descr=1')
  for (const total of [0, 1, 2, 7, 100, 999_999]) {
    const shares = share(total, mix)
    expect(shares.reduce((sum, part) => sum + part, 0)).toBe(total)
  }
  expect(share(7, mix)).toEqual([1, 5, 1])
  expect(share(10, mixOf('all', undefined))).toEqual([4, 3, 3])
})
