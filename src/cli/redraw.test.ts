import { PassThrough } from 'node:stream'
import xterm from '@xterm/headless'
import { expect, test } from 'vitest'
import type { Output } from './io.ts'
import { cut, redraw } from './redraw.ts'

async function screenOf(columns: number, rows: number, frames: string[][]): Promise<string[]> {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true })
  const output: Output = Object.assign(new PassThrough(), { columns, rows, isTTY: true })
  const drawing = redraw(output)
  for (const frame of frames) drawing.draw(frame)
  drawing.end()
  await new Promise<void>((resolve) => terminal.write(String((output as PassThrough).read()), resolve))
  const buffer = terminal.buffer.active
  return Array.from(
    { length: buffer.length },
    (_, line) => buffer.getLine(line)?.translateToString(true) ?? '',
  ).filter((line) => line !== '')
}

test('the last frame stands alone, however long the ones before were', async () => {
  expect(await screenOf(40, 10, [['one', 'two', 'three'], ['a much longer line', 'b'], ['c']])).toEqual(['c'])
})

test('frames larger than the terminal are cut and still drawn in place', async () => {
  const tall = Array.from({ length: 30 }, (_, number) => `line ${number} ${'x'.repeat(100)}`)
  const screen = await screenOf(20, 5, [tall, tall])
  expect(screen).toHaveLength(4)
  expect(screen[0]).toBe('line 0 xxxxxxxxxxxx…')
})

test('a line that fits keeps its colours', () => {
  expect(cut('\x1b[31mred\x1b[39m', 3)).toBe('\x1b[31mred\x1b[39m')
  expect(cut('\x1b[31mreddish\x1b[39m', 4)).toBe('red…')
})
