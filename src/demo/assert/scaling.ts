/** Whether a worker went up and came down as its autoscaler promises. Pure. */
import { formatDuration } from '../../lib/duration.ts'
import type { ReplicaReport } from '../../load/replicas.ts'
import type { Bounds } from '../bounds.ts'
import type { Check, Evidence, Measure } from '../report.ts'

/** A workload's replicas at one moment. */
export interface WorkerNow {
  name: string
  desired: number
  current: number
  /** Where it rests. */
  floor: number
}

/** Nobody works while there is nothing to do. */
export function assertRest(workers: readonly WorkerNow[], messages: number): Evidence {
  return {
    checks: [
      ...workers.map(({ name, desired, current, floor }) => ({
        text: `${name} rests at ${floor}`,
        ok: desired === floor && current === floor,
        actual: `${desired} asked for, ${current} there`,
      })),
      { text: 'the queues are empty', ok: messages === 0, actual: `${messages} messages` },
    ],
  }
}

/** From rest to the most that is allowed, in time. */
export function assertScaleOut(replicas: ReplicaReport, bounds: Bounds): Evidence {
  const { peak, timeToFirstMs, timeToPeakMs } = replicas
  return {
    checks: [
      within('the first worker is ready', timeToFirstMs, bounds.firstWorkerMs),
      { text: `${bounds.max} workers at the peak`, ok: peak === bounds.max, actual: `${peak} workers` },
      within('the peak is there', peak === bounds.max ? timeToPeakMs : null, bounds.peakMs),
    ],
    measures: [
      ...headline('first-worker', 'first worker ready', timeToFirstMs),
      ...headline('peak', `${bounds.max} workers ready`, peak === bounds.max ? timeToPeakMs : null),
    ],
  }
}

/** Back where it came from. */
export function assertScaleIn(replicas: ReplicaReport, bounds: Bounds): Evidence {
  const { drainToZeroMs } = replicas
  return {
    checks: [within('back to zero after the last answer', drainToZeroMs, bounds.zeroMs)],
    measures: headline('zero', 'back to zero after the last answer', drainToZeroMs),
  }
}

/** Something that must happen, and not later than this. */
export function within(what: string, ms: number | null, boundMs: number): Check {
  return {
    text: `${what} within ${formatDuration(boundMs)}`,
    ok: ms !== null && ms <= boundMs,
    actual: ms === null ? 'never' : formatDuration(ms),
  }
}

/** A time as a measure, when there is one. */
export function duration(id: string, title: string, ms: number | null): Measure[] {
  return ms === null ? [] : [{ id, title, value: Math.round(ms), unit: 'ms', better: 'lower' }]
}

/** The same, for the top of the report. */
export function headline(id: string, title: string, ms: number | null): Measure[] {
  return duration(id, title, ms).map((measure) => ({ ...measure, headline: true }))
}
