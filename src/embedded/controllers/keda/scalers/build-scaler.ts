/** From a trigger's type to its scaler. */
import { cpuMemoryScaler } from './cpu-memory.ts'
import { rabbitmqScaler } from './rabbitmq/rabbitmq.ts'
import type { ScalerFactory } from './scaler.ts'

const FACTORIES: Record<string, ScalerFactory> = {
  rabbitmq: rabbitmqScaler,
  cpu: cpuMemoryScaler,
  memory: cpuMemoryScaler,
  // Its schedule library is loaded only where a cron trigger is.
  cron: async (config) => (await import('./cron.ts')).cronScaler(config),
}

/** Builds the scaler of a trigger. Throws for types that are not implemented here, in KEDA's words. */
export const buildScaler: ScalerFactory = (config) => {
  const factory = FACTORIES[config.trigger.type]
  if (!factory) throw new Error(`no scaler found for type: ${config.trigger.type}`)
  return factory(config)
}
