/** A question of yes or no on the terminal. */
import { createInterface } from 'node:readline/promises'
import { type Io, progress } from './io.ts'

/** True when `--yes` was given or a person says so; false when nobody can be asked (no terminal, `--no-input`). */
export async function confirm(io: Io, question: string, yes: boolean): Promise<boolean> {
  if (yes) {
    progress(io, `${question} yes (--yes)`)
    return true
  }
  if (!io.input || io.json || !process.stdin.isTTY || !io.stderr.isTTY) return false
  const terminal = createInterface({ input: process.stdin, output: io.stderr })
  try {
    const answer = await terminal.question(`${question} [y/N] `, { signal: io.signal })
    return /^y(es)?$/i.test(answer.trim())
  } finally {
    terminal.close()
  }
}
