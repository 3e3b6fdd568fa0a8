/** The steps as stretches of the time axis. Pure. */
import type { StepReport } from '../demo/report.ts'
import type { Band } from './charts/chart.ts'

/** Numbered as in the report's list; skipped ones take no time. */
export function bandsOf(steps: readonly StepReport[]): Band[] {
  return steps.flatMap(({ title, status, startMs, endMs }, place) =>
    startMs === undefined || endMs === undefined
      ? []
      : [
          {
            fromMs: startMs,
            toMs: endMs,
            label: String(place + 1),
            title: `${place + 1} ${title}`,
            failed: status === 'failed',
          },
        ],
  )
}
