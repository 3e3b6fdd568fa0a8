/** How an audience sees the demo: sentences as it goes, verdicts as they fall; on stderr. */
import { emitKeypressEvents } from 'node:readline'
import type { DemoListener } from '../demo/run.ts'
import { formatDuration } from '../lib/duration.ts'
import { DevenvError } from '../lib/errors.ts'
import { type Io, paintFor, progress } from './io.ts'
import { redraw } from './redraw.ts'

export interface DemoDisplay extends DemoListener {
  end(): void
}

/** A wait that lasts so long is told where there is no line to redraw. */
const TOLD_AFTER_MS = 10_000

const MARKS = { passed: ['green', '✔'], failed: ['red', '✖'], skipped: ['yellow', '–'] } as const

/** With `stepwise` each step waits for a key. */
export function openDemoDisplay(io: Io, stepwise: boolean): DemoDisplay {
  const paint = paintFor(io, io.stderr)
  const began = Date.now()
  const inPlace = io.stderr.isTTY === true && !io.quiet && !io.verbose
  let status: ReturnType<typeof redraw> | undefined
  let telling: NodeJS.Timeout | undefined
  const clear = () => {
    clearTimeout(telling)
    status?.draw([])
    status?.end()
    status = undefined
  }
  const line = (text: string) => {
    clear()
    progress(io, text)
  }
  return {
    async before({ title, sentence }, place, of) {
      line(`\n${paint('bold', `${place + 1}/${of}  ${title}`)}\n     ${sentence}`)
      if (stepwise) await key(io, paint('dim', '     press any key'), clear)
    },
    said: (text) => line(`     ${paint('cyan', '·')} ${text}`),
    waiting(what) {
      const text = `     ${paint('dim', `waiting for ${what}`)}`
      if (inPlace) {
        status ??= redraw(io.stderr)
        status.draw([text])
      } else {
        // Most waits are over before anybody could read of them.
        clearTimeout(telling)
        telling = setTimeout(() => progress(io, text), io.verbose ? 0 : TOLD_AFTER_MS)
      }
    },
    ended({ status: word, checks, reason, fix, undone = [], startMs = 0, endMs = 0 }) {
      for (const { ok, text, actual } of checks) {
        const mark = ok ? paint('green', '✔') : paint('red', '✖')
        line(`     ${mark} ${text}: ${paint('bold', actual)}`)
      }
      if (reason !== undefined) line(`     ${paint(word === 'failed' ? 'red' : 'yellow', reason)}`)
      if (fix !== undefined) line(`     ${paint('bold', 'fix:')} ${fix}`)
      for (const what of undone) line(`     ${paint('yellow', 'undone:')} ${what}`)
      const [style, mark] = MARKS[word]
      const took = word === 'skipped' ? '' : ` in ${formatDuration(endMs - startMs)}`
      line(
        `  ${paint(style, `${mark} ${word}`)}${paint('dim', `${took}, at ${formatDuration(Date.now() - began)}`)}`,
      )
    },
    end: clear,
  }
}

/** One key; Ctrl-C is the interruption that it is everywhere, which a terminal in raw mode does not make by itself. */
async function key(io: Io, prompt: string, clear: () => void): Promise<void> {
  const { stdin } = process
  io.stderr.write(prompt)
  emitKeypressEvents(stdin)
  stdin.setRawMode(true)
  stdin.resume()
  try {
    await new Promise<void>((resolve, reject) => {
      const abort = () => reject(new DevenvError('INTERRUPTED', 'interrupted'))
      io.signal.addEventListener('abort', abort, { once: true })
      stdin.once('keypress', (_text: string, { ctrl, name }: { ctrl: boolean; name: string }) => {
        io.signal.removeEventListener('abort', abort)
        if (!(ctrl && name === 'c')) return resolve()
        io.signal.addEventListener('abort', abort, { once: true })
        process.kill(process.pid, 'SIGINT')
      })
    })
  } finally {
    stdin.setRawMode(false)
    stdin.pause()
    io.stderr.write('\r\x1b[K')
    clear()
  }
}
