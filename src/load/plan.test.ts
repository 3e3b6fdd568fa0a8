import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { planLoad } from './plan.ts'

const CHECKOUT = join(import.meta.dirname, '..', '..')
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plan-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('a profile goes to each queue; --messages and --rate are over all of them', async () => {
  const burst = await planLoad({ queue: 'all' }, CHECKOUT)
  expect(burst.queues.map(({ messages }) => messages)).toEqual([100, 100, 100])
  expect(burst).toMatchObject({
    taskMs: 500,
    lastDueMs: 0,
    about: { profile: 'burst', generator: { arrivals: 'even' } },
  })
  const steady = await planLoad({ queue: 'all', rate: 6, messages: 10 }, CHECKOUT)
  expect(steady.queues.map(({ messages }) => messages)).toEqual([4, 3, 3])
  expect(steady.lastDueMs).toBe(1_500)
  const [first] = steady.queues
  expect([0, 1, 2].map(() => first!.arrivals.next().value)).toEqual([0, 500, 1000])
})

test('a mix divides messages and rates, bursts too', async () => {
  const mixed = await planLoad({ queue: 'all', mix: 'question=3,resume=1', rate: 4, messages: 40 }, CHECKOUT)
  expect(mixed.queues.map(({ queue, messages }) => [queue.alias, messages])).toEqual([
    ['question', 30],
    ['resume', 10],
  ])
  const second = mixed.queues.map(({ arrivals }) => {
    arrivals.next()
    return arrivals.next().value
  })
  expect(second).toEqual([1000 / 3, 1000])
  const burst = await planLoad({ queue: 'all', mix: 'question=3,resume=1' }, CHECKOUT)
  expect(burst.queues.map(({ messages }) => messages)).toEqual([150, 50])
})

test('random arrivals report the seed that repeats them', async () => {
  const shape = { queue: 'all', profile: 'steady', arrivals: 'poisson' as const }
  const first = await planLoad(shape, CHECKOUT)
  const { seed } = first.about.generator
  expect(seed).toBeTypeOf('number')
  const again = await planLoad({ ...shape, seed: seed! }, CHECKOUT)
  const times = (planned: typeof first) =>
    planned.queues.map(({ arrivals }) => [0, 1, 2].map(() => arrivals.next().value))
  const [one, other] = [times(first), times(again)]
  expect(one).toEqual(other)
  // The queues are independent of one another.
  expect(one[0]).not.toEqual(one[1])
})

test('a trace says when and where; --messages takes the first of it', async () => {
  const path = join(folder, 'trace.csv')
  await writeFile(path, 'atMs,queue\n0,question\n10,resume\n20,question\n30,resume\n')
  const planned = await planLoad({ queue: 'all', profile: path, messages: 3 }, CHECKOUT)
  expect(planned.queues.map(({ queue, messages }) => [queue.alias, messages])).toEqual([
    ['question', 2],
    ['resume', 1],
  ])
  expect(planned.lastDueMs).toBe(20)
  await expect(planLoad({ queue: 'job-descr', profile: path }, CHECKOUT)).rejects.toMatchObject({
    code: 'USAGE',
  })
  await expect(planLoad({ queue: 'all', profile: path, rate: 5 }, CHECKOUT)).rejects.toThrow(
    /--rate does not/,
  )
})

test('--mix and --queue exclude each other', async () => {
  await expect(planLoad({ queue: 'question', mix: 'resume=1' }, CHECKOUT)).rejects.toMatchObject({
    code: 'USAGE',
  })
})
