/** A run in its middle, for tests of what shows it. */
import { QueueAccount } from './account.ts'
import { chooseQueues } from './queues.ts'
import type { LoadView } from './run.ts'
import { RunTime } from './run-time.ts'
import { columnsOf, Sampler } from './sampler.ts'
import { TimelineRecorder } from './timeline-recorder.ts'

/** 12 s into a run: ten of twenty messages out on each queue, two answered (one with an error), 3 of 5 workers ready. */
export function testingView(queues: string): LoadView {
  let now = 0
  const time = new RunTime({ now: () => now, after: () => ({ cancel: () => undefined }) })
  const accounts = chooseQueues(queues).map((queue) => new QueueAccount(queue, 20))
  const recorder = new TimelineRecorder(columnsOf(accounts), 1_000)
  const sampler = new Sampler(accounts, time, recorder)
  time.start()
  for (const account of accounts) {
    for (let index = 0; index < 10; index++) {
      account.publish(index, 0, 0)
      account.ledger.confirm(index)
    }
  }
  for (let second = 1; second <= 12; second++) {
    now = second * 1_000
    for (const account of accounts) {
      account.depth = Math.max(0, 10 - second)
      account.unacked = second < 10 ? 3 : 0
      account.replicas.observe(now, { desired: 5, ready: Math.min(3, second - 1), current: 5 })
      if (second === 12) {
        account.reply(0, 1_500, { failed: false, serviceMs: 500 })
        account.reply(1, 2_500, { failed: true, serviceMs: 500 })
      }
    }
    sampler.record()
  }
  return { queues: sampler.samples, atMs: 12_000, note: 'a note', recorder }
}
