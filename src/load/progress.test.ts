import { expect, test } from 'vitest'
import { progressLine, progressObject } from './progress.ts'
import { testingView } from './testing-view.ts'

test('one line for logs', () => {
  expect(progressLine(testingView('question'))).toBe(
    ' 12.0 s | question 10/20 answered 2 (2.0/s) queued 0 busy 0 replicas 3/5 p95 2.5 s' +
      ' | question: 1 answers with an error | a note',
  )
})

test('one object for scripts', () => {
  expect(JSON.parse(JSON.stringify(progressObject(testingView('question'))))).toMatchObject({
    apiVersion: 'devenv/v1',
    kind: 'LoadProgress',
    atMs: 12_000,
    note: 'a note',
    queues: {
      question_generation_task: {
        published: 10,
        confirmed: 10,
        replied: 2,
        outstanding: 8,
        errors: 1,
        rates: { published: 0, replied: 2, errors: 1 },
        latencyMs: { p99: 2_500, max: 2_500 },
        replicas: { desired: 5, ready: 3 },
      },
    },
  })
})
