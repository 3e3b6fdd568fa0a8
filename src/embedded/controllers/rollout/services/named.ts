/** The Services that a Rollout names. */
import type { KubeObject } from '../../../objects.ts'

/** Names, in no particular order, without those that are not set. */
export function servicesOf(rollout: KubeObject): string[] {
  const { canary, blueGreen } = rollout.spec?.strategy ?? {}
  return [
    canary?.stableService,
    canary?.canaryService,
    canary?.pingPong?.pingService,
    canary?.pingPong?.pongService,
    blueGreen?.activeService,
    blueGreen?.previewService,
  ].filter((name): name is string => Boolean(name))
}
