/** A container's log on disk, and what kubectl logs makes of it. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { FakeClock } from '../../../lib/clock.ts'
import type { LogOptions } from '../agent.ts'
import { ContainerLog } from './container-log.ts'
import { readLog } from './read-log.ts'

let folder: string
let clock: FakeClock
let log: ContainerLog
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'devenv-log-'))
  clock = new FakeClock()
  log = new ContainerLog(join(folder, 'a/0.log'), clock)
})
afterEach(() => {
  log.close()
  rmSync(folder, { recursive: true })
})

async function read(options: LogOptions = {}): Promise<string> {
  const stream = readLog(log.path, log, options, clock.now(), new AbortController().signal)
  return (await stream.toArray()).join('')
}

it('keeps lines whole over chunks and in order', async () => {
  log.write('stdout', Buffer.from('on'))
  log.write('stderr', Buffer.from('err\n'))
  log.write('stdout', Buffer.from('e\ntwo\nthr'))
  expect(await read()).toBe('err\none\ntwo\n')
  log.close()
  expect(await read()).toBe('err\none\ntwo\nthr')
})

it.skipIf(!existsSync('/dev/full'))('goes on without a file when the disk is full', () => {
  const unwritable = new ContainerLog('/dev/full', clock)
  const lines: string[] = []
  unwritable.follow({ line: ({ text }) => lines.push(String(text)), end: () => lines.push('end') })
  unwritable.write('stdout', Buffer.from('one\ntw'))
  unwritable.close()
  expect(lines).toEqual(['one', 'tw', 'end'])
})

it('combines tail, since, timestamps and limit', async () => {
  for (const line of ['a', 'b', 'c']) {
    log.write('stdout', Buffer.from(`${line}\n`))
    await clock.advance(10_000)
  }
  expect(await read({ tailLines: 2 })).toBe('b\nc\n')
  expect(await read({ tailLines: 0 })).toBe('')
  expect(await read({ sinceSeconds: 15 })).toBe('c\n')
  expect(await read({ sinceTime: '2026-01-01T00:00:10Z' })).toBe('b\nc\n')
  expect(await read({ limitBytes: 3 })).toBe('a\nb')
  expect(await read({ tailLines: 1, timestamps: true })).toBe('2026-01-01T00:00:20.000000000Z c\n')
})

it('cuts endless lines into parts that read as one', async () => {
  log.write('stdout', Buffer.from(`${'x'.repeat(40_000)}\nend\n`))
  expect(await read({ tailLines: 2 })).toBe(`${'x'.repeat(40_000)}\nend\n`)
})

it('keeps at most two files of ten megabytes', async () => {
  const line = Buffer.from(`${'y'.repeat(1023)}\n`)
  for (let count = 0; count < 25_000; count++) log.write('stdout', line)
  const { length } = await read()
  expect(length).toBeGreaterThan(10 * 2 ** 20)
  expect(length).toBeLessThan(20 * 2 ** 20)
})

it('follows until the container ends', async () => {
  log.write('stdout', Buffer.from('a\n'))
  const whole = read({ follow: true })
  log.write('stdout', Buffer.from('b\n'))
  log.close()
  expect(await whole).toBe('a\nb\n')
})
