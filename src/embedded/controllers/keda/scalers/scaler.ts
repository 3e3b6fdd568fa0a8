/** What a scaler is: one trigger, built, that can be asked for its value. */

import type { Clock } from '../../../../lib/clock.ts'
import type { Lookup } from '../../../../lib/http-client.ts'
import type { MetricSpec } from '../hpa/build-hpa.ts'
import type { Trigger } from '../types.ts'

export interface Reading {
  value: number
  active: boolean
}

export interface Scaler {
  /** The HPA's spec.metrics entry of this trigger. */
  readonly metricSpec: MetricSpec
  /** Absent for cpu and memory, which the HPA measures by itself. */
  readonly external?: ExternalScaler
  close(): Promise<void>
}

interface ExternalScaler {
  /** `s0-rabbitmq-orders`. */
  readonly metricName: string
  readonly target: number
  /** Asks the source now. Throws with KEDA's error text. */
  read(): Promise<Reading>
}

/** Everything a scaler is built from. */
export interface ScalerConfig {
  scaledObject: { namespace: string; name: string }
  triggerIndex: number
  trigger: Trigger
  /** Environment of the target's container. */
  resolvedEnv: Record<string, string>
  /** From the TriggerAuthentication. */
  authParams: Record<string, string>
  clock: Clock
  lookup: Lookup
}

/** Builds a scaler; a throw carries KEDA's error text. */
export type ScalerFactory = (config: ScalerConfig) => Promise<Scaler>
