import { expect, test } from 'vitest'
import type { LoadReport } from './report.ts'
import { summary } from './summary.ts'
import { testingView } from './testing-view.ts'

function reportOf(changes: Partial<LoadReport> = {}): LoadReport {
  const { account } = testingView('question').queues[0]!
  return {
    apiVersion: 'devenv/v1',
    kind: 'LoadReport',
    queues: { question_generation_task: account.report(true) },
    durationMs: 61_000,
    profile: 'burst',
    generator: { loop: 'open', arrivals: 'even' },
    via: 'amqp',
    reconnects: 1,
    blocked: { times: 0, totalMs: 0 },
    strays: 0,
    waited: true,
    ...changes,
  }
}

test('names what was lost, and tells waiting from working', () => {
  const text = summary(reportOf())
  expect(text).toContain('10 published, 10 confirmed, 2 answered, 8 lost, 1 with an error')
  expect(text).toContain('latency   p50 1.5 s, p95 2.5 s, p99 2.5 s, max 2.5 s')
  expect(text).toContain('  waiting p50 1.0 s')
  expect(text).toContain('  working p50 500 ms')
  expect(text).toContain('up to 3: first after 2.0 s')
  expect(text).toContain('1 min 01 s in all, profile burst, 1 reconnects to the broker')
})

test('says what was unusual, and only then', () => {
  const text = summary(
    reportOf({
      generator: { loop: 'open', arrivals: 'poisson', seed: 42 },
      blocked: { times: 2, totalMs: 3_000 },
      waited: false,
    }),
  )
  expect(text).toContain('(poisson, seed 42)')
  expect(text).toContain('the broker took no messages 2 times, for 3.0 s in all')
  expect(text).toContain('(answers were not waited for: --wait)')
  expect(summary(reportOf())).not.toMatch(/sent again|answered twice|returned|seed| {2}late {2}/)
})

test('through a service, answers are counted by status', () => {
  const [view] = [testingView('question')]
  const { account } = view.queues[0]!
  account.reply(2, 3_000, { failed: true, status: 502 })
  account.fail(3, 'ECONNREFUSED')
  const text = summary(reportOf({ via: 'core-api', queues: { q: account.report(true) } }))
  expect(text).toContain('10 requested, 3 answered, 7 lost, 1 not taken')
  expect(text).toContain('answers   1 × 502, 1 × ECONNREFUSED')
})

test('workers that do not say what they took are told of from outside, or it is said that they cannot be', () => {
  const { account } = testingView('question').queues[0]!
  const queue = { ...account.report(true), queueWaitMs: null, serviceMs: null }
  const text = (meanTimesMs: typeof queue.meanTimesMs) =>
    summary(reportOf({ queues: { q: { ...queue, meanTimesMs } } }))
  expect(text({ waiting: 14_200, atWorker: 510 })).toContain('on average 14.2 s waiting, 510 ms at a worker')
  expect(text(null)).toContain('waiting and working are not told apart: answers have no header x-service-ms')
  expect(summary(reportOf())).not.toMatch(/at a worker|told apart/)
})
