/** From flags to due times: which queue gets how many messages, and when. */
import { randomInt } from 'node:crypto'
import { DevenvError } from '../lib/errors.ts'
import { type Arrivals, arrivalsOf, type Process, randomStream } from './arrivals.ts'
import { mixOf, share } from './mix.ts'
import { dueMs, messagesOf, type Profile, times, withRate } from './profile.ts'
import { chooseQueues, type TaskQueue } from './queues.ts'
import type { LoadReport } from './report.ts'
import { Schedule } from './schedule.ts'
import { findProfile, readProfile } from './seeds.ts'
import { isTrace, readTrace, type Trace } from './trace.ts'

export interface Shape {
  /** `all` or short names with commas. */
  queue: string
  /** Shares of the queues in place of `queue`: `question=5,resume=1`. */
  mix?: string
  /** Over all chosen queues; default: what the profile holds for each. */
  messages?: number
  /** Messages per second over all chosen queues: the profile's highest rate. */
  rate?: number
  /** A name in seeds/load, or the path of a profile or trace. */
  profile?: string
  arrivals?: Process
  /** Repeats a Poisson process; default: another one each time. */
  seed?: number
}

export interface Planned {
  queues: { queue: TaskQueue; messages: number; arrivals: Arrivals }[]
  /** What a task is to take, if the profile says so. */
  taskMs?: number
  /** About when the last message is due, milliseconds from the start. */
  lastDueMs: number
  about: Pick<LoadReport, 'profile' | 'generator'>
}

/** Reads profile or trace. USAGE and CONFIG_INVALID say what does not fit. */
export async function planLoad(shape: Shape, checkout: string): Promise<Planned> {
  const name = shape.profile ?? (shape.rate === undefined ? 'burst' : 'steady')
  const path = await findProfile(name, checkout)
  if (isTrace(path)) return fromTrace(await readTrace(path), name, shape)
  return fromProfile(await readProfile(name, checkout), shape)
}

function fromProfile(named: Profile, shape: Shape): Planned {
  const { queue, mix: mixFlag, messages, rate, arrivals = 'even', seed = randomInt(2 ** 31) } = shape
  if (mixFlag !== undefined && queue !== 'all') throw apart('--mix', '--queue')
  const mix = mixOf(queue, mixFlag)
  const profile = rate === undefined ? named : withRate(named, rate / mix.length)
  const counts = share(messages ?? messagesOf(profile) * mix.length, mix)
  const queues = mix.map((part, place) => ({
    queue: part.queue,
    messages: counts[place]!,
    arrivals: arrivalsOf(times(profile, part.weight), arrivals, randomStream(seed, place)),
  }))
  const generator = { loop: 'open' as const, arrivals, ...(arrivals === 'poisson' ? { seed } : {}) }
  return {
    queues,
    lastDueMs: Math.max(
      ...mix.map(({ weight }, place) => dueMs(times(profile, weight), Math.max(0, counts[place]! - 1))),
    ),
    about: { profile: profile.name, generator },
    ...(profile.taskMs === undefined ? {} : { taskMs: profile.taskMs }),
  }
}

function fromTrace(trace: Trace, name: string, shape: Shape): Planned {
  for (const flag of ['mix', 'rate', 'arrivals', 'seed'] as const)
    if (shape[flag] !== undefined) throw apart(`--${flag}`, 'a trace, which says it all')
  const lists = chooseQueues(shape.queue)
    .map((queue) => ({ queue, list: trace.get(queue) ?? [] }))
    .filter(({ list }) => list.length > 0)
  if (lists.length === 0)
    throw new DevenvError('USAGE', `--profile: ${name} has no arrivals for --queue ${shape.queue}`)
  const counts = firstOf(
    lists.map(({ list }) => list),
    shape.messages,
  )
  const queues = lists.map(({ queue, list }, place) => ({
    queue,
    messages: counts[place]!,
    arrivals: list.values(),
  }))
  return {
    queues,
    lastDueMs: Math.max(...lists.map(({ list }, place) => list[counts[place]! - 1] ?? 0)),
    about: { profile: name, generator: { loop: 'open', arrivals: 'trace' } },
  }
}

/** How many of each list are among the first `most` of all. */
function firstOf(lists: readonly (readonly number[])[], most: number | undefined): number[] {
  const counts = lists.map(({ length }) => length)
  if (most === undefined) return counts
  const schedule = new Schedule(lists.map((list) => ({ size: list.length, arrivals: list.values() })))
  counts.fill(0)
  for (let taken = 0; taken < most && schedule.next; taken++) {
    counts[schedule.next.queue]!++
    schedule.take()
  }
  return counts
}

function apart(flag: string, other: string): DevenvError {
  return new DevenvError('USAGE', `${flag} does not go together with ${other}`)
}
