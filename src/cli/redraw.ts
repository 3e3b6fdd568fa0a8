/** Draws a few lines on a terminal again and again in the same place. */
import { stripVTControlCharacters } from 'node:util'
import type { Output } from './io.ts'

export interface Redraw {
  draw(lines: readonly string[]): void
  /** Leaves the last frame and shows the cursor again. */
  end(): void
}

const HIDE_CURSOR = '\x1b[?25l'
const SHOW_CURSOR = '\x1b[?25h'
const CLEAR_LINE = '\x1b[K'
const CLEAR_BELOW = '\x1b[J'

/** Frames are cut to the terminal's width and height: a line that wraps would put the next frame elsewhere. */
export function redraw(output: Output): Redraw {
  let drawn = 0
  return {
    draw(lines) {
      const shown = lines
        .slice(0, Math.max(1, (output.rows ?? 24) - 1))
        .map((line) => cut(line, output.columns ?? 80))
      const up = drawn > 0 ? `\x1b[${drawn}A` : HIDE_CURSOR
      output.write(`${up}\r${shown.map((line) => `${line}${CLEAR_LINE}\n`).join('')}${CLEAR_BELOW}`)
      drawn = shown.length
    },
    end() {
      if (drawn > 0) output.write(SHOW_CURSOR)
      drawn = 0
    },
  }
}

/** Cuts a line to `width` columns; colours are dropped from a line that is too long, which keeps this simple. */
export function cut(line: string, width: number): string {
  const plain = stripVTControlCharacters(line)
  return plain.length <= width ? line : `${plain.slice(0, Math.max(0, width - 1))}…`
}
