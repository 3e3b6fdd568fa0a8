/** Shows a load as it runs: in place on a terminal, else a line a second; always on stderr. */
import type { LoadView } from '../load/run.ts'
import { type Io, paintFor, progress } from './io.ts'

export interface LoadDisplay {
  show(view: LoadView): void
  end(): void
}

/** Nothing with --quiet; JSON lines with --json, whose one result on stdout they must not mix with. */
export async function openLoadDisplay(io: Io): Promise<LoadDisplay> {
  if (io.quiet) return { show: () => undefined, end: () => undefined }
  const { progressLine, progressObject } = await import('../load/progress.ts')
  if (io.json || !io.stderr.isTTY) {
    const text = io.json ? (view: LoadView) => JSON.stringify(progressObject(view)) : progressLine
    return { show: (view) => progress(io, text(view)), end: () => undefined }
  }
  const { liveView } = await import('../load/live-view.ts')
  const { redraw } = await import('./redraw.ts')
  const screen = redraw(io.stderr)
  const paint = paintFor(io, io.stderr)
  return {
    show: (view) => {
      const { columns = 80, rows = 24 } = io.stderr
      screen.draw(liveView(view, { columns, rows, paint }))
    },
    end: () => screen.end(),
  }
}
