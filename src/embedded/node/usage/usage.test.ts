/** Usage from process tables. */
import { expect, it } from 'vitest'
import { FakeClock } from '../../../lib/clock.ts'
import { parseStat, treeUsage } from './process-table.ts'
import { UsageSampler } from './sampler.ts'

it('reads a stat line whose command holds spaces and parentheses', () => {
  const line = `42 (a (b) c) S 7 42 42 0 -1 4194560 1 0 0 0 150 50 20 30 20 0 1 0 100 1000000 256 18446744073709551615`
  expect(parseStat(line)).toEqual({ pid: 42, parent: 7, cpuMs: 2500, rssBytes: 256 * 4096 })
})

it('sums a tree and nothing beside it', () => {
  const entry = (pid: number, parent: number) => [pid, { pid, parent, cpuMs: 10, rssBytes: 100 }] as const
  const processes = new Map([entry(1, 0), entry(2, 1), entry(3, 2), entry(4, 1), entry(5, 4)])
  expect(treeUsage(processes, 2)).toEqual({ cpuMs: 20, rssBytes: 200 })
  expect(treeUsage(processes, 9)).toEqual({ cpuMs: 0, rssBytes: 0 })
})

it('has no usage before two samples of the same run', async () => {
  const clock = new FakeClock()
  const target = { namespace: 'n', pod: 'p', container: 'c', run: 'r1', rootPid: process.pid }
  const targets = [target]
  using sampler = new UsageSampler(clock, () => targets)
  await sampler.sample()
  expect(sampler.usage()).toEqual([])
  await clock.advance(1000)
  await sampler.sample()
  expect(sampler.usage()).toMatchObject([{ name: 'p', windowMs: 1000, containers: [{ name: 'c' }] }])
  expect(sampler.usage()[0]!.containers[0]!.memoryBytes).toBeGreaterThan(10 * 2 ** 20)
  targets[0] = { ...target, run: 'r2' }
  await sampler.sample()
  expect(sampler.usage()).toEqual([])
})
