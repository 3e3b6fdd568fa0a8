/** What takes the measurements of a metric. */
import type { KubeObject } from '../../../../objects.ts'
import type { Measurement, Metric } from '../run/types.ts'

export interface MetricProvider {
  /** Takes a measurement, or begins one that is resumed later. */
  run(run: KubeObject, metric: Metric, now: number): Promise<Measurement>
  /** Looks at a measurement that has begun. */
  resume(run: KubeObject, metric: Metric, measurement: Measurement, now: number): Measurement
  terminate(run: KubeObject, metric: Metric, measurement: Measurement, now: number): Measurement
  /** Removes what measurements left behind, but for the last `kept` of the run. Absent: nothing is left behind. */
  collectGarbage?(run: KubeObject, kept: number): void
}
