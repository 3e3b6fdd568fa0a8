/** Steps as timed lines: for pipes, CI logs and --verbose. */
import type { StepListener } from '../steps/step.ts'
import { type Io, paintFor } from './io.ts'

/** One line when a step ends, with the second it ended at, how long it took and what it waited for last. */
export function stepLines(io: Io): StepListener {
  const paint = paintFor(io, io.stderr)
  const began = Date.now()
  const line = (text: string) => {
    if (!io.quiet) io.stderr.write(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${text}\n`)
  }
  return {
    started(step) {
      if (io.verbose) line(paint('dim', `… ${step.title}`))
    },
    waiting(step, what) {
      if (io.verbose) line(paint('dim', `  ${step.title}: waiting for ${what}`))
    },
    ended(step, timing, error) {
      const took = `${((timing.endMs - timing.startMs) / 1000).toFixed(1)} s`
      if (timing.outcome === 'done') line(`${paint('green', '✔')} ${step.title} ${paint('dim', `(${took})`)}`)
      else if (timing.outcome === 'cancelled')
        line(
          paint(
            'dim',
            `– ${step.title}: stopped${timing.waitedFor ? ` while waiting for ${timing.waitedFor}` : ''}`,
          ),
        )
      else line(`${paint('red', '✖')} ${step.title} (${took}): ${error?.message ?? 'failed'}`)
    },
  }
}
