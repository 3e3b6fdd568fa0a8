import { describe, expect, it } from 'vitest'
import { FakeClock } from '../lib/clock.ts'
import type { RunRecord } from '../lib/record.ts'
import { absentStatus } from '../status/status.ts'
import { Feed, type Watcher } from './feed.ts'
import type { Sample, Snapshot } from './snapshot.ts'

function setUp(look: () => Promise<void> = async () => {}) {
  const clock = new FakeClock()
  const seen = { looks: 0, opened: 0, closed: 0, record: { name: 'x' } as RunRecord | undefined }
  const feed = new Feed({
    name: 'x',
    clock,
    readRecord: async () => seen.record,
    observe() {
      seen.opened++
      return {
        async look() {
          seen.looks++
          await look()
          return { at: clock.now(), status: absentStatus('x'), canaries: [], pods: [], events: [] }
        },
        async [Symbol.asyncDispose]() {
          seen.closed++
        },
      }
    },
  })
  return { clock, seen, feed }
}

function watcher(): Watcher & { told: Sample[]; snapshots: Snapshot[]; troubles: string[] } {
  const told: Sample[] = []
  const snapshots: Snapshot[] = []
  const troubles: string[] = []
  return {
    told,
    snapshots,
    troubles,
    history: (samples) => told.push(...samples),
    snapshot: (snapshot, sample) => {
      snapshots.push(snapshot)
      told.push(sample)
    },
    trouble: (message) => troubles.push(message),
  }
}

describe('Feed', () => {
  it('looks only while somebody watches', async () => {
    const { clock, seen, feed } = setUp()
    await clock.advance(10_000)
    expect(seen.looks).toBe(0)
    const stop = feed.watch(watcher())
    await clock.advance(3_500)
    expect(seen.looks).toBe(4)
    stop()
    await clock.advance(60_000)
    expect(seen.looks).toBe(4)
  })

  it('looks once for everybody, and tells who comes later what was', async () => {
    const { clock, seen, feed } = setUp()
    feed.watch(watcher())
    await clock.advance(2_500)
    const late = watcher()
    feed.watch(late)
    expect(new Set(late.told.map(({ at }) => at)).size).toBe(3)
    expect(late.snapshots).toHaveLength(1)
    const before = seen.looks
    await clock.advance(2_000)
    expect(seen.looks - before).toBeLessThanOrEqual(3)
  })

  it('opens new connections when the environment is another one, and says when there is none', async () => {
    const { clock, seen, feed } = setUp()
    const page = watcher()
    feed.watch(page)
    await clock.advance(1_000)
    seen.record = undefined
    await clock.advance(1_500)
    expect(page.snapshots.at(-1)?.status.phase).toBe('Absent')
    seen.record = { name: 'x', profile: 'team' } as RunRecord
    await clock.advance(1_500)
    expect(seen).toMatchObject({ opened: 2, closed: 1 })
  })

  it('tells a failed look and goes on', async () => {
    let fails = true
    const { clock, feed } = setUp(async () => {
      if (fails) throw new Error('no answer')
    })
    const page = watcher()
    feed.watch(page)
    await clock.advance(500)
    expect(page.troubles).toEqual(['no answer'])
    fails = false
    await clock.advance(1_500)
    expect(page.snapshots.length).toBeGreaterThan(0)
  })
})
