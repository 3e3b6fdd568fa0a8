/** The last poll's values of triggers with useCachedMetrics, which the HPA is answered from. */
import type { BuiltTrigger } from '../scalers-cache.ts'
import type { TriggerReading } from './assess.ts'

export class MetricRecords {
  readonly #records = new Map<string, Map<string, TriggerReading>>()

  /** Remembers the readings of triggers that ask for it. */
  keep(key: string, triggers: BuiltTrigger[], readings: TriggerReading[]): void {
    const cached = new Set(
      triggers
        .filter(({ trigger }) => trigger.useCachedMetrics)
        .map(({ scaler }) => scaler.external?.metricName),
    )
    const kept = readings.filter(({ metricName }) => cached.has(metricName))
    if (kept.length > 0) this.#records.set(key, new Map(kept.map((reading) => [reading.metricName, reading])))
  }

  find(key: string, metricName: string): TriggerReading | undefined {
    return this.#records.get(key)?.get(metricName)
  }

  drop(key: string): void {
    this.#records.delete(key)
  }
}
