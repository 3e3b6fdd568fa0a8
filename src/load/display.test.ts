import { expect, test } from 'vitest'
import { liveTable, progressLine } from './display.ts'
import { chooseQueues } from './queues.ts'
import { QueueAccount } from './report.ts'
import { summary } from './summary.ts'
import { timelineCsv, timelineRow } from './timeline.ts'

function account(): QueueAccount {
  const [queue] = chooseQueues('question')
  const made = new QueueAccount(queue!, 20)
  for (let index = 0; index < 10; index++) {
    made.ledger.publish(index, 0)
    made.ledger.confirm(index)
  }
  made.reply(0, 1_500, false)
  made.reply(1, 2_500, true)
  made.depth = 8
  made.replicas.observe(900, { desired: 5, ready: 3, current: 5 })
  return made
}

test('the live table has all columns, aligned', () => {
  expect(liveTable([account()], 12_000, 'a note')).toEqual([
    'queue                     published  confirmed  replied  queued  replicas              p95',
    'question_generation_task      10/20         10        2       8       3/5  2.5 s  1 errors',
    '12.0 s  a note',
  ])
})

test('one line for logs', () => {
  expect(progressLine([account()], 12_000, '')).toBe(
    ' 12.0 s | question 10/20 replied 2 queued 8 replicas 3/5 p95 2.5 s',
  )
})

test('the timeline as CSV', () => {
  expect(timelineCsv([timelineRow(account(), 12_000.4)])).toBe(
    'atMs,queue,published,confirmed,replied,errors,depth,desired,ready,p95\n' +
      '12000,question_generation_task,10,10,2,1,8,5,3,2500\n',
  )
})

test('percentiles never pass the maximum, and the summary names what was lost', () => {
  const queue = account().report(true)
  expect(queue.latencyMs).toMatchObject({ p95: 2_500, p99: 2_500, max: 2_500 })
  expect(queue.latencyMs?.p50).toBeCloseTo(1_500, -1)
  const queues = { question_generation_task: queue }
  const text = summary({
    apiVersion: 'devenv/v1',
    kind: 'LoadReport',
    queues,
    durationMs: 61_000,
    profile: 'burst',
    reconnects: 1,
    waited: true,
  })
  expect(text).toContain('10 published, 10 confirmed, 2 replied, 8 lost, 1 errors')
  expect(text).toContain('up to 3: first after 900 ms')
  expect(text).toContain('1 min 01 s in all, profile burst, 1 reconnects')
})
