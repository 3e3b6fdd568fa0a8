/** Which steps decided how long a run took. */
import type { StepTiming } from './step.ts'

/** From the step that ended last, back through the need that ended last, to one that needed nothing. */
export function criticalPath(timings: StepTiming[]): string[] {
  const byId = new Map(timings.map((timing) => [timing.id, timing]))
  const path: string[] = []
  let current = latest(timings)
  while (current) {
    path.unshift(current.id)
    current = latest(current.needs.flatMap((id) => byId.get(id) ?? []))
  }
  return path
}

function latest(timings: StepTiming[]): StepTiming | undefined {
  return timings.reduce<StepTiming | undefined>(
    (last, timing) => (last && last.endMs >= timing.endMs ? last : timing),
    undefined,
  )
}
