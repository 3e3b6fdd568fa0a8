import { expect, test } from 'vitest'
import { FakeClock } from '../lib/clock.ts'
import { arrivalsOf } from './arrivals.ts'
import type { Profile } from './profile.ts'
import { chooseQueues } from './queues.ts'
import type { Replicas } from './replicas.ts'
import { totalLost } from './report.ts'
import { type LoadPlan, type LoadPorts, runLoad } from './run.ts'
import { type Faults, TestingTarget } from './testing-target.ts'
import { valuesOf } from './timeline.ts'

const burst: Profile = { name: 'burst', stages: [{ burst: 10 }] }
const NAME = 'question_generation_task'

interface Setup {
  faults?: Faults
  messages?: number
  queue?: string
  profile?: Profile
  wait?: boolean
  timeoutMs?: number
}

/** Starts a run on a clock of its own. */
function start({
  faults = {},
  messages = 10,
  queue = 'question',
  profile = burst,
  wait = true,
  timeoutMs = 60_000,
}: Setup = {}) {
  const clock = new FakeClock()
  const stop = new AbortController()
  const enough = new AbortController()
  const ticks: number[] = []
  const notes: string[] = []
  let broker: TestingTarget | undefined
  let observe: ((queue: number, replicas: Replicas) => void) | undefined
  const plan: LoadPlan = {
    queues: chooseQueues(queue).map((chosen) => ({
      queue: chosen,
      messages,
      arrivals: arrivalsOf(profile, 'even', Math.random),
      floor: 0,
    })),
    wait,
    timeoutMs,
    silenceMs: 10_000,
    about: { profile: profile.name, generator: { loop: 'open', arrivals: 'even' }, via: 'amqp' },
  }
  const ports: LoadPorts = {
    openTarget: async (events) => {
      broker = new TestingTarget(events, clock, 100, faults)
      return broker
    },
    followReplicas: (changed, signal) => {
      observe = changed
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve()))
    },
    onTick: ({ atMs, note }) => {
      ticks.push(atMs)
      notes.push(note)
    },
    signal: stop.signal,
    enough: enough.signal,
    clock,
  }
  let over = false
  const outcome = runLoad(plan, ports).finally(() => {
    over = true
  })
  outcome.catch(() => undefined)
  /** Advances in small steps until the run is over or `ms` have passed. */
  const advance = async (ms: number) => {
    for (let passed = 0; passed < ms && !over; passed += 100) await clock.advance(100)
  }
  return {
    outcome,
    advance,
    stop,
    enough,
    ticks,
    notes,
    broker: () => broker!,
    replicas: (ready: number, desired = ready) =>
      observe!(0, { desired, ready, current: Math.max(desired, ready) }),
    isOver: () => over,
  }
}

test('all answered and at rest: nothing lost, latencies from the due time', async () => {
  const run = start()
  await run.advance(5_000)
  const { report, failure, timeline } = await run.outcome
  expect(failure).toBeUndefined()
  expect(report.queues[NAME]).toMatchObject({
    published: 10,
    confirmed: 10,
    replied: 10,
    lost: 0,
    errors: 0,
    duplicates: 0,
  })
  // One worker at 100 ms a task: the tenth answer comes a second after the burst.
  expect(report.queues[NAME]?.latencyMs?.max).toBeCloseTo(1000, -1)
  expect(report.queues[NAME]?.latencyMs?.p50).toBeCloseTo(500, -1)
  expect(valuesOf(timeline, NAME, 'published')?.at(-1)).toBe(10)
  expect(valuesOf(timeline, NAME, 'replied')?.at(-1)).toBe(10)
  // The worker says what it took; the rest is the queue's.
  expect(report.queues[NAME]?.serviceMs).toMatchObject({ p50: 100, max: 100 })
  expect(report.queues[NAME]?.queueWaitMs?.max).toBeCloseTo(900, -1)
  expect(run.broker().closed).toBe(true)
})

test('a message that a worker swallows is found lost, once the broker is empty and silent', async () => {
  const run = start({ faults: { loses: ({ index }) => index === 3 } })
  await run.advance(9_000)
  expect(run.isOver()).toBe(false)
  await run.advance(4_000)
  const { report, failure } = await run.outcome
  expect(failure).toBeUndefined()
  expect(report.queues[NAME]).toMatchObject({ published: 10, replied: 9, lost: 1 })
  expect(totalLost(report)).toBe(1)
})

test('what the broker cannot route is lost at once', async () => {
  const run = start({ faults: { unroutable: ({ index }) => index < 2 } })
  await run.advance(5_000)
  expect((await run.outcome).report.queues[NAME]).toMatchObject({
    published: 10,
    replied: 8,
    lost: 2,
    returned: 2,
  })
})

test('second answers and errors are counted apart', async () => {
  const run = start({ faults: { repeats: ({ index }) => index === 1, fails: ({ index }) => index === 2 } })
  await run.advance(5_000)
  expect((await run.outcome).report.queues[NAME]).toMatchObject({
    replied: 10,
    lost: 0,
    duplicates: 1,
    errors: 1,
  })
})

test('after a reconnect, what was not confirmed goes out again and the count holds', async () => {
  const swallowed = new Set<number>()
  const faults: Faults = {
    swallows: ({ index }) => index >= 7 && !swallowed.has(index) && swallowed.add(index) !== undefined,
  }
  const run = start({ faults })
  await run.advance(2_000)
  run.broker().reconnect()
  await run.advance(5_000)
  const { report } = await run.outcome
  expect(report.queues[NAME]).toMatchObject({ published: 10, confirmed: 10, replied: 10, lost: 0 })
  expect(report.reconnects).toBe(1)
  expect(report.queues[NAME]).toMatchObject({ republished: 3, republishDuplicates: 0 })
  expect(run.broker().sent).toHaveLength(13)
})

test('what was never confirmed is not lost, however long nothing comes', async () => {
  const swallowed = new Set([4])
  const run = start({ faults: { swallows: ({ index }) => swallowed.delete(index) } })
  await run.advance(30_000)
  expect(run.isOver()).toBe(false)
  run.broker().reconnect()
  await run.advance(5_000)
  expect((await run.outcome).report.queues[NAME]).toMatchObject({ replied: 10, lost: 0, republished: 1 })
})

test('the run goes on until the worker is back at zero', async () => {
  const run = start()
  await run.advance(100)
  run.replicas(0, 1)
  await run.advance(400)
  run.replicas(5)
  await run.advance(10_000)
  expect(run.isOver()).toBe(false)
  run.replicas(0)
  await run.advance(1_000)
  const { replicas } = (await run.outcome).report.queues[NAME]!
  expect(replicas).toMatchObject({ peak: 5, timeToFirstMs: 500, timeToPeakMs: 500, timeToZeroMs: 10_500 })
  expect(replicas.drainToZeroMs).toBe(9_500)
})

test('the deadline names what is waited for, and the report is made anyway', async () => {
  const run = start({ timeoutMs: 5_000 })
  await run.advance(100)
  run.replicas(3)
  await run.advance(6_000)
  const { report, failure } = await run.outcome
  expect(failure).toMatchObject({ code: 'DEADLINE', exitCode: 124 })
  expect(failure?.message).toMatch(/the worker of question_generation_task to go from 3 to 0 replicas/)
  expect(report.queues[NAME]?.replied).toBe(10)
})

test('an interruption ends the run with its report', async () => {
  const run = start()
  await run.advance(300)
  run.stop.abort()
  await run.advance(200)
  const { report, failure } = await run.outcome
  expect(failure?.code).toBe('INTERRUPTED')
  // What may still be answered is not lost.
  expect(report.queues[NAME]).toMatchObject({ published: 10, replied: 3, lost: 0, unanswered: 7 })
})

test('without wait the run is over when all is confirmed, and nothing counts as lost', async () => {
  const run = start({ wait: false })
  await run.advance(200)
  const { report } = await run.outcome
  expect(report).toMatchObject({
    waited: false,
    queues: { [NAME]: { confirmed: 10, lost: 0, unanswered: 10 } },
  })
})

test('enough: no more go out, and every one that did is waited for', async () => {
  const steady: Profile = { name: 'steady', stages: [{ durationMs: 3_600_000, fromRate: 10, toRate: 10 }] }
  const run = start({ profile: steady, messages: 36_000 })
  await run.advance(2_050)
  run.enough.abort()
  await run.advance(5_000)
  const { report, failure } = await run.outcome
  expect(failure).toBeUndefined()
  const { published, replied, lost } = report.queues[NAME]!
  expect(published).toBeGreaterThanOrEqual(20)
  expect(published).toBeLessThan(25)
  expect([replied, lost]).toEqual([published, 0])
  expect(run.broker().sent).toHaveLength(published)
})

test('the schedule is kept however slow the answers are, on all queues at once', async () => {
  const profile: Profile = { name: 'steady', stages: [{ durationMs: 2_000, fromRate: 5, toRate: 5 }] }
  const run = start({ profile, queue: 'all' })
  await run.advance(1_050)
  expect(run.broker().sent.filter(({ queue }) => queue === 2)).toHaveLength(6)
  await run.advance(5_000)
  const { report } = await run.outcome
  expect(Object.values(report.queues).map(({ replied }) => replied)).toEqual([10, 10, 10])
  expect(run.ticks.length).toBeGreaterThanOrEqual(3)
})

test('what is late is sent as soon as it can be, and its latency counts from when it was due', async () => {
  const profile: Profile = { name: 'steady', stages: [{ durationMs: 2_000, fromRate: 10, toRate: 10 }] }
  const run = start({ profile, messages: 20 })
  await run.advance(500)
  run.broker().block()
  await run.advance(3_000)
  expect(run.broker().sent.length).toBeLessThanOrEqual(6)
  expect(run.notes.at(-1)).toMatch(/takes no messages \(low on memory\)/)
  run.broker().unblock()
  await run.advance(20_000)
  const { report, timeline } = await run.outcome
  expect(report.queues[NAME]).toMatchObject({ published: 20, replied: 20, lost: 0 })
  expect(report.blocked.times).toBe(1)
  expect(report.blocked.totalMs).toBeCloseTo(3_000, -2)
  // Due at 0.6 s, sent at 3.5 s: a closed loop would have called this answer quick.
  expect(report.queues[NAME]?.latenessMs?.max).toBeGreaterThan(2_800)
  expect(report.queues[NAME]?.latencyMs?.max).toBeGreaterThan(2_900)
  expect(timeline.events.map(({ text }) => text)).toContain('takes no messages: low on memory')
})

test('second answers to what went out twice are told apart from those of a worker that did a task twice', async () => {
  const faults: Faults = { repeats: ({ index }) => index === 1 }
  const confirmedLate = new Set([8])
  const run = start({ faults: { ...faults, swallows: ({ index }) => confirmedLate.delete(index) } })
  await run.advance(300)
  run.broker().reconnect()
  await run.advance(8_000)
  const queue = (await run.outcome).report.queues[NAME]
  expect(queue).toMatchObject({ republished: 1, duplicates: 1, republishDuplicates: 0, lost: 0 })
})
