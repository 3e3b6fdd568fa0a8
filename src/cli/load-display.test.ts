import { PassThrough } from 'node:stream'
import xterm from '@xterm/headless'
import { describe, expect, test } from 'vitest'
import { testingView } from '../load/testing-view.ts'
import { createIo, type Io, type Output } from './io.ts'
import { openLoadDisplay } from './load-display.ts'

interface Shown {
  screen: string[]
  stderr: string
  stdout: string
}

async function show(
  terminal: { columns: number; rows: number } | undefined,
  change: Partial<Io> = {},
  views = [testingView('all'), testingView('all')],
): Promise<Shown> {
  const stderr: Output = Object.assign(new PassThrough(), terminal ? { ...terminal, isTTY: true } : {})
  const stdout = new PassThrough()
  const signal = new AbortController().signal
  const io = Object.assign(createIo({ stdout, stderr, env: {}, checkout: '/checkout', signal }), change)
  const display = await openLoadDisplay(io)
  for (const view of views) display.show(view)
  display.end()
  const text = String((stderr as PassThrough).read() ?? '')
  return {
    screen: terminal ? await drawn(text, terminal) : [],
    stderr: text,
    stdout: String(stdout.read() ?? ''),
  }
}

async function drawn(text: string, { columns, rows }: { columns: number; rows: number }): Promise<string[]> {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true })
  await new Promise<void>((resolve) => terminal.write(text, resolve))
  const buffer = terminal.buffer.active
  return Array.from(
    { length: buffer.length },
    (_, line) => buffer.getLine(line)?.translateToString(true) ?? '',
  )
}

describe('on a terminal of 80 by 24', () => {
  test('a table, what went wrong, and charts, drawn in place', async () => {
    const { screen, stdout } = await show({ columns: 80, rows: 24 })
    expect(screen.slice(0, 4)).toEqual([
      'queue       sent  answered  queued  busy  out/s  in/s  replicas    p50    p95',
      'job-descr  10/20         2       0     0    0.0   2.0       3/5  1.5 s  2.5 s',
      'question   10/20         2       0     0    0.0   2.0       3/5  1.5 s  2.5 s',
      'resume     10/20         2       0     0    0.0   2.0       3/5  1.5 s  2.5 s',
    ])
    expect(screen[4]).toBe('job-descr: 1 answers with an error')
    const at = screen.findIndex((line) => line.includes('question  queued max 9'))
    expect(screen.slice(at - 1, at + 3).map((line) => line.slice(27))).toEqual([
      '▆▄▃▁',
      '█████▆▅▃▂',
      '  ▁▆▆▆▆▆▆▆▆▆',
      ' ▅██████████',
    ])
    expect(screen.findLast((line) => line !== '')).toBe('12.0 s  a note')
    // Drawn twice, there once; nothing scrolled out.
    expect(screen.filter((line) => line.startsWith('queue '))).toHaveLength(1)
    expect(stdout).toBe('')
  })

  test('colours, unless they are unwanted', async () => {
    expect((await show({ columns: 80, rows: 24 })).stderr).toContain('\x1b[36m')
    expect((await show({ columns: 80, rows: 24 }, { color: false })).stderr).not.toContain('\x1b[36m')
  })
})

test('on a tall terminal charts are taller, on a short one they are left out', async () => {
  const chartRows = (screen: string[]) => screen.filter((line) => /[▁▂▃▄▅▆▇█]/.test(line)).length
  const [tall, middle, short] = await Promise.all(
    [50, 24, 12].map(async (rows) => chartRows((await show({ columns: 100, rows })).screen)),
  )
  expect(tall).toBeGreaterThan(middle!)
  expect(middle).toBe(2 * 6)
  expect(short).toBe(0)
})

test('off a terminal one line a second, as JSON with --json, on stderr alone', async () => {
  const plain = await show(undefined)
  expect(plain.stderr.trim().split('\n')).toHaveLength(2)
  expect(plain.stderr).toMatch(/^ 12\.0 s \| job-descr 10\/20 /)
  const json = await show({ columns: 80, rows: 24 }, { json: true })
  for (const line of json.stderr.trim().split('\n'))
    expect(JSON.parse(line)).toMatchObject({ apiVersion: 'devenv/v1', kind: 'LoadProgress' })
  expect(json.stdout).toBe('')
  expect((await show(undefined, { quiet: true })).stderr).toBe('')
})
