/** Latencies in histograms of a few hundred kilobytes, whatever their number; three significant digits. */
import { build, type Histogram } from 'hdr-histogram-js'

/** Milliseconds. */
export interface LatencyReport {
  p50: number
  p90: number
  p95: number
  p99: number
  p999: number
  max: number
  mean: number
}

// Up to a day, in hundredths of a millisecond.
const SCALE = 100
const HIGHEST = 24 * 3600 * 1000 * SCALE

export class Latencies {
  readonly #histogram: Histogram = build({
    bitBucketSize: 32,
    lowestDiscernibleValue: 1,
    highestTrackableValue: 2 ** Math.ceil(Math.log2(HIGHEST)),
    numberOfSignificantValueDigits: 3,
  })

  record(ms: number): void {
    this.#histogram.recordValue(Math.min(HIGHEST, Math.max(0, Math.round(ms * SCALE))))
  }

  /** Null when nothing was recorded. */
  report(): LatencyReport | null {
    const histogram = this.#histogram
    if (histogram.totalCount === 0) return null
    // The histogram answers with the upper end of a bucket, which may lie above the largest value.
    const at = (percentile: number) =>
      Math.min(histogram.getValueAtPercentile(percentile), histogram.maxValue) / SCALE
    return {
      p50: at(50),
      p90: at(90),
      p95: at(95),
      p99: at(99),
      p999: at(99.9),
      max: histogram.maxValue / SCALE,
      mean: Math.round(histogram.mean) / SCALE,
    }
  }

  /** What was recorded since the last call. */
  take(): LatencyReport | null {
    const report = this.report()
    if (report) this.#histogram.reset()
    return report
  }
}
